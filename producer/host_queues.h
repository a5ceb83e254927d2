#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "producer/host_pace.h"

namespace thumbline {

/// host:port of a link, in lower case, as fetchers tell which host has answered; empty where it has none.
std::string host_and_port_of(std::string_view url);

/// One host: its pace, and those of its links that wait for it.
struct Host {
  explicit Host(double most_a_second) : pace(most_a_second) {}

  [[nodiscard]] const std::string& name() const { return *key; }  ///< host:port

  HostPace pace;
  std::optional<Failure> refusal;  ///< the last

 private:
  friend class HostQueues;
  const std::string* key = nullptr;
  std::list<std::uint64_t> waiting;
  std::size_t links = 0;       ///< that are in the book
  bool in_turn = false;        ///< stands in turns_
  bool is_limited = false;     ///< as it was counted
  Moment due = Moment::max();  ///< in due_; max(): not there
  std::list<Host*>::iterator idle;
};

/// Which link of which host goes out next: each host has a queue and a pace of its own, and those that may send take turns.
/// A host without links is remembered as long as there are not too many. Every call takes constant time, or the logarithm of
/// the number of hosts. Pure.
class HostQueues {
 public:
  /// `most_a_second`: a ceiling for every host; 0: none.
  explicit HostQueues(double most_a_second) : most_a_second_(most_a_second) {}
  HostQueues(const HostQueues&) = delete;
  HostQueues& operator=(const HostQueues&) = delete;

  /// A link of this host comes into the book, and leaves it. A host stays where it is in between.
  Host& enter(const std::string& name);
  void leave(Host& host);

  /// Whether a link that does not wait yet may go out before all that do.
  [[nodiscard]] static bool may_go(const Host& host, Moment now) { return host.waiting.empty() && host.pace.next(now) <= now; }
  void wait(Host& host, std::uint64_t link, Moment now);
  /// All that wait, and do so no longer.
  std::vector<std::uint64_t> take_waiting(Host& host);

  /// The first link of the host whose turn it is; nothing where none may go out now. Asked again, it says the same.
  std::optional<std::uint64_t> next(Moment now);
  /// What next() said has left its queue: it goes out, or is not there any more.
  void take();
  /// The host's pace has changed: something of it was published, or has come back.
  void changed(Host& host, Moment now);

  /// When next() may have something again that it has not now; Moment::max(): when something changes.
  [[nodiscard]] Moment wake() const { return due_.empty() ? Moment::max() : due_.begin()->first; }

  /// Links that wait for hosts which limit their rate, and for hosts that only get to know us.
  [[nodiscard]] std::size_t waiting_for_limited() const { return waiting_for_limited_; }
  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  [[nodiscard]] std::size_t known() const { return hosts_.size(); }

 private:
  void add_waiting(Host& host, std::ptrdiff_t more);
  void clear_waiting(Host& host);
  void take_turn(Host& host);
  void wake_at(Host& host, Moment due);

  double most_a_second_;
  std::unordered_map<std::string, Host> hosts_;  ///< nodes stay where they are
  std::list<Host*> idle_;                        ///< without links; the longest first
  std::deque<Host*> turns_;                      ///< that may send, and have links waiting
  std::set<std::pair<Moment, Host*>> due_;       ///< when those may send that have links waiting, and may not yet
  std::size_t waiting_ = 0;
  std::size_t waiting_for_limited_ = 0;
};

}  // namespace thumbline
