#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/base/clock.h"
#include "common/net/head.h"
#include "common/net/network.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// Receives paths from fetchers, or from the producer of `resize`, with credit-based flow control (see Dispatcher): each source
/// may send as many as there are slots. Messages may have several paths, or credits for several. Not thread-safe.
class PathSources {
 public:
  /// `worker`: the name of this resizer for the sources.
  PathSources(Network& network, std::string worker);

  /// Connects to one source. `giver`: the role whose key it must have.
  void connect(const std::string& endpoint, Role giver);
  /// Connects to the sources in `places` that share this store, as seen from `head`; drops sources that have been missing for
  /// long.
  void update(const Head& head, const wire::Places& places, const std::string& store, Moment now);

  /// Adds sockets to poll for reading; then call take() until it returns false.
  void add_to(std::vector<zmq::pollitem_t>& items);

  /// The next path of any source, in turn; false if there is none.
  bool take(wire::Path& path);
  /// The role of the sender of the last path, by its key.
  [[nodiscard]] Role giver() const { return giver_; }
  /// The last path is done: its source may send another. Sends the credit at once if half of the slots are free, else
  /// send_credits() does.
  void done();
  /// Sends outstanding credits. Call before this thread waits for anything.
  void send_credits();

  /// How many pictures each source may send ahead, from the next credit on.
  void set_slots(unsigned slots) { slots_ = slots; }

  /// Sends a heartbeat to all sources that are due for one. `working_on`: the picture in work, if it takes long; it is sent to
  /// all. Else 0.
  void send_heartbeats(std::uint64_t working_on, Moment now);

  /// Tells all sources to send no more; paths already sent still arrive.
  void leave();
  /// Whether no source will send any more.
  [[nodiscard]] bool are_finished() const;

 private:
  struct Source {
    zmq::socket_t socket;
    Role giver = Role::worker;
    bool stays = false;                   ///< even if the coordinator does not list it
    bool is_named = true;                 ///< listed by the coordinator, last time
    Moment missed_since = Moment::max();  ///< not listed
    bool is_finished = false;
    std::chrono::milliseconds heartbeat{0};  ///< interval it asked for; 0: none
    Moment next_heartbeat{};
    std::deque<wire::Path> waiting{};  ///< received from it
    unsigned done = 0;                 ///< not credited yet
  };

  Source& add(const std::string& endpoint, Role giver);
  void send_credit(Source& source, std::uint64_t working_on);
  static bool receive_from(Source& source);

  Network& network_;
  std::string worker_;
  std::map<std::string, Source> sources_;  ///< by endpoint
  std::string taken_from_;                 ///< source of the last path
  Role giver_ = Role::worker;
  unsigned slots_;
  bool leaving_ = false;
};

}  // namespace thumbline
