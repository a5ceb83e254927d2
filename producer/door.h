#pragma once
#include <set>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/net/network.h"
#include "producer/roster.h"

namespace thumbline {

/// Where workers ask that know nothing but the head: each is told where all others are, as often as it says that it is there.
/// A ROUTER socket; one thread.
class Door {
 public:
  /// Binds at `endpoint`; throws Stop where that fails. `places`: what does not change in a run.
  Door(Network& network, const std::string& endpoint, wire::Places places);

  [[nodiscard]] std::string endpoint() { return Network::bound_endpoint(socket_); }
  /// To poll for reading; then call answer().
  [[nodiscard]] void* handle() { return socket_.handle(); }

  void answer(Moment now);

  /// Hosts that came and went since this was asked before.
  std::vector<Roster::Change> changes(Moment now) { return roster_.changes(now); }

  /// Tells all who were ever here that the run is over.
  void say_farewell();

 private:
  void tell(const std::string& peer, wire::Places places);

  zmq::socket_t socket_;
  wire::Places places_;
  Roster roster_;
  std::set<std::string> peers_;
};

}  // namespace thumbline
