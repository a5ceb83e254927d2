#pragma once
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>
#include <zmq.hpp>

#include "common/net/network.h"
#include "producer/roster.h"

namespace thumbline {

/// Where workers ask that know nothing but the head: each is told where all others are, as often as it says that it is there.
/// A ROUTER socket; one thread.
class Door {
 public:
  /// Binds at `endpoint`; throws Stop where that fails. `places`: what does not change in a run. `session`: another one for
  /// each process.
  Door(Network& network, const std::string& endpoint, wire::Places places, std::uint64_t session);

  [[nodiscard]] std::string endpoint() { return Network::bound_endpoint(socket_); }
  /// To poll for reading; then call answer().
  [[nodiscard]] void* handle() { return socket_.handle(); }

  /// Answers heartbeats, and forgets workers that send none any more.
  void answer(Moment now);

  /// Hosts that came and went since this was asked before.
  std::vector<Roster::Change> changes() { return roster_.changes(); }

  /// Tells all who are connected that the run is over.
  void say_farewell();

 private:
  [[nodiscard]] wire::Places places_for(const wire::Present& present) const;
  void forget(Moment now);
  bool tell(const std::string& peer, wire::Places& places);

  zmq::socket_t socket_;
  wire::Places places_;      ///< without sources and requests
  wire::Requests requests_;  ///< for fetchers alone
  Roster roster_;
  std::unordered_set<std::string> silent_;  ///< connections that stand, of workers that are not believed to be there any more
  Moment next_look_{};                      ///< whether those still stand
  bool warned_ = false;
};

}  // namespace thumbline
