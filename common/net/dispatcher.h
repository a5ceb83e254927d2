#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <zmq.hpp>

#include "common/base/clock.h"
#include "common/net/network.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// Hands pictures to the resizers that asked for them (credit-based flow control, the ZeroMQ Guide's chapter 7): a slow,
/// stopped or late resizer never holds more than the slots it named, where a PUSH socket would give it its share of everything
/// and lose that with it. A ROUTER socket; one thread.
class Dispatcher {
 public:
  /// Binds `paths` at `endpoint`; throws Stop where that fails.
  Dispatcher(Network& network, const std::string& endpoint);

  [[nodiscard]] std::string endpoint() { return Network::bound_endpoint(socket_); }
  /// To poll for reading; then call take_credit().
  [[nodiscard]] void* handle() { return socket_.handle(); }

  /// Takes what the resizers said.
  void take_credit();

  /// Whether any resizer has asked.
  [[nodiscard]] bool has_resizers() const { return !credit_.empty(); }
  /// Whether a resizer has room.
  [[nodiscard]] bool has_credit() const { return !ready_.empty(); }

  /// Sends `path` to the resizer that has waited longest; false where none has room. A picture that a resizer says it is
  /// working on goes to nobody else: it would keep the next one as busy.
  bool offer(wire::Path& path);

 private:
  void say_goodbye(const std::string& id);
  [[nodiscard]] bool is_worked_on(std::uint64_t id);

  zmq::socket_t socket_;
  /// A picture that takes long, and when the resizer last said so.
  struct Work {
    std::uint64_t id;
    Moment said;
  };
  std::unordered_map<std::string, Work>
      at_work_;  ///< by the connection's routing id; who works on something quick is not in it
  std::unordered_map<std::string, unsigned> credit_;  ///< by the connection's routing id: how many slots are free
  std::deque<std::string> ready_;                     ///< a routing id for each free slot, in the order in which they came free
};

}  // namespace thumbline
