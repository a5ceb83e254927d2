#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace thumbline {

/// Decides which of the waiting links may be fetched now: never more than so many at one host, the hosts in turn, the links of
/// one host in the order in which they came. Pure: it counts, it fetches nothing.
class HostLimiter {
 public:
  explicit HostLimiter(int per_host) : per_host_(per_host) {}

  /// A link of `host` waits. Each id may be in here once.
  void add(std::uint64_t id, const std::string& host);

  /// The next link that may start, which counts as running from now on; nothing where every waiting link's host is busy.
  std::optional<std::uint64_t> next();

  /// A link that next() gave has ended.
  void ended(std::uint64_t id);

  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  [[nodiscard]] std::size_t running() const { return running_.size(); }

 private:
  struct Host {
    std::string name;
    std::deque<std::uint64_t> waiting;
    int running = 0;
    bool in_turn = false;  ///< stands in turns_
  };

  void take_turn(Host& host);

  int per_host_;
  std::size_t waiting_ = 0;
  std::unordered_map<std::string, Host> hosts_;  ///< those with links here; nodes stay where they are
  std::deque<Host*> turns_;                      ///< hosts with a waiting link and room for it
  std::unordered_map<std::uint64_t, Host*> running_;
};

}  // namespace thumbline
