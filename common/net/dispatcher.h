#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>
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

  /// Takes what the resizers said, and forgets those that say nothing any more and whose connections are gone.
  void take_credit(Moment at = now());

  /// How many resizers have asked and are there.
  [[nodiscard]] std::size_t resizers() const { return peers_.size(); }
  [[nodiscard]] bool has_resizers() const { return !peers_.empty(); }
  /// Whether a resizer has room.
  [[nodiscard]] bool has_credit() const { return !ready_.empty(); }

  /// Has `path` go, with the next flush(), to the resizer that has fewest pictures in hand; false where none has room. A
  /// picture that a resizer says it is working on goes to nobody else: it would keep the next one as busy.
  bool offer(wire::Path path);
  /// Sends what was offered, one message to each resizer; returns how many pictures those were.
  std::size_t flush();

 private:
  using Turn = std::pair<std::size_t, std::uint64_t>;
  struct Peer {
    std::size_t slots = 0;  ///< how many pictures it takes at once
    std::size_t out = 0;    ///< how many it was given, and has not finished as far as is known
    Turn place;             ///< in ready_, while it has room
    std::vector<wire::Path> to_send;
    std::uint64_t working_on = 0;                  ///< a picture that takes long; 0: none
    Moment heard;                                  ///< or seen to be connected
    std::chrono::milliseconds heartbeat;           ///< as it was told
    std::list<const std::string*>::iterator turn;  ///< in by_age_
  };
  using Peers = std::unordered_map<std::string, Peer>;
  /// Who works on a picture that takes long, and when it last said so.
  struct Claim {
    std::string peer;
    Moment said;
  };

  void take(const std::string& id, const wire::Credit& credit, Moment at);
  void note_work(const std::string& id, Peer& peer, std::uint64_t picture, Moment at);
  void pace(const std::string& id, Peer& peer);
  void forget_gone(Moment at);
  void remove(Peers::iterator peer);
  void stand_in_line(Peers::value_type& peer);
  void leave_line(Peer& peer);
  void say_goodbye(const std::string& id);
  bool is_worked_on(std::uint64_t picture);
  enum class Sent { yes, no_room, gone };
  Sent send_to(const std::string& id, wire::Path& path);

  zmq::socket_t socket_;
  Peers peers_;                                      ///< by the connection's routing id
  std::list<const std::string*> by_age_;             ///< routing ids, the one that was heard longest ago first
  std::unordered_map<std::uint64_t, Claim> claims_;  ///< by the picture; of what is done quickly there is none
  /// Those that have room; first who has fewest pictures, of these who has been in line for longest.
  std::map<Turn, Peers::value_type*> ready_;
  std::uint64_t turns_ = 0;
  std::vector<std::string> addressed_;  ///< who has something to send
  std::deque<wire::Path> stranded_;     ///< whoever should have got these is gone
};

}  // namespace thumbline
