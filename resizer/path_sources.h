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

/// Where paths come from: fetchers, or the producer of `resize`. Each is asked for as many as there are slots (credit-based
/// flow control, see Dispatcher); several come in one message, and several are said to be done in one. One thread.
class PathSources {
 public:
  /// `worker`: what the sources are to call this resizer.
  PathSources(Network& network, std::string worker);

  /// `giver`: who has to be there.
  void connect(const std::string& endpoint, Role giver);
  /// Connects to those of the `places` that have pictures of this store, as `head` reaches them; forgets who has not been named
  /// for long.
  void follow(const Head& head, const wire::Places& places, const std::string& store, Moment now);

  /// Sockets to poll for reading; then call take() until it says no.
  void add_to(std::vector<zmq::pollitem_t>& items);

  /// The next path of any of them; false where there is none.
  bool take(wire::Path& path);
  /// Who gave the last one, as its key says.
  [[nodiscard]] Role giver() const { return giver_; }
  /// That one is done: its source may send another. Is said at once where half of the slots are free, else by tell_done().
  void done();
  /// To be called before this thread waits for anything.
  void tell_done();

  /// How many pictures each source may send at once, from its next message on.
  void set_slots(unsigned slots) { slots_ = slots; }

  /// Says that this resizer is there to all that want to hear it again by now, or what it is working on, if that takes long (0:
  /// nothing), to all.
  void say_present(std::uint64_t working_on, Moment now);

  /// From now on nothing more is wanted; what is under way still comes.
  void leave();
  /// Whether nothing more will come.
  [[nodiscard]] bool have_said_goodbye() const;

 private:
  struct Source {
    zmq::socket_t socket;
    Role giver = Role::worker;
    bool stays = false;                   ///< whether the head names it or not
    bool is_named = true;                 ///< by the head, the last time
    Moment missed_since = Moment::max();  ///< it was not named
    bool said_goodbye = false;
    std::chrono::milliseconds heartbeat{0};  ///< how long it wants to wait; 0: it did not say
    Moment next_heartbeat{};
    std::deque<wire::Path> waiting{};  ///< that it has sent
    unsigned done = 0;                 ///< that it does not know of
  };

  Source& meet(const std::string& endpoint, Role giver);
  void say(Source& source, std::uint64_t working_on);
  static bool receive_from(Source& source);

  Network& network_;
  std::string worker_;
  std::map<std::string, Source> sources_;  ///< by their endpoints
  std::string taken_from_;                 ///< whose path take() gave
  Role giver_ = Role::worker;
  unsigned slots_;
  bool leaving_ = false;
};

}  // namespace thumbline
