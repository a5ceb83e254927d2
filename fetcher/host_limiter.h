#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace thumbline {

/// The bounds of the host limiter.
struct HostLimits {
  std::size_t slots = 1;     ///< links that are being fetched at once
  std::size_t per_host = 1;  ///< at one host, the silent ones included
  std::size_t silent = 0;    ///< so many more may wait for hosts that do not answer
};

/// Decides which of the waiting links may be fetched now: never more than there are slots, never more than so many at one host,
/// the hosts in turn, the links of one host in the order in which they came. A link whose host does not answer gives its slot
/// back for as long as that lasts: it costs a socket and nothing else, and a list may name hundreds of dead hosts, each of
/// which would keep a slot from the living ones until its time to connect is over. Pure: it counts, it fetches nothing.
class HostLimiter {
 public:
  explicit HostLimiter(HostLimits limits) : limits_(limits) {}

  /// A link of `host` waits. Each id may be in here once.
  void add(std::uint64_t id, const std::string& host);

  /// The next link that may start, which counts as running from now on; nothing where every slot or every waiting link's host
  /// is busy.
  std::optional<std::uint64_t> next();

  /// The host of a link that next() gave lets it wait, or has answered after all.
  void silent(std::uint64_t id);
  void answered(std::uint64_t id);

  /// A link that next() gave has ended.
  void ended(std::uint64_t id);

  /// A link that next() gave has ended because its host takes up no connection. Where that host is silent to all others that
  /// run, too, those that wait for it have waited in vain as well: they are given out, and forgotten.
  std::vector<std::uint64_t> unreachable(std::uint64_t id);

  /// Whether another link might start.
  [[nodiscard]] bool has_slot() const;
  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  [[nodiscard]] std::size_t running() const { return running_.size(); }

 private:
  struct Host {
    std::string name;
    std::deque<std::uint64_t> waiting;
    std::size_t running = 0;
    std::size_t silent = 0;  ///< of those running
    bool in_turn = false;    ///< stands in turns_
  };
  struct Running {
    Host* host;
    bool silent = false;
  };

  void take_turn(Host& host);

  HostLimits limits_;
  std::size_t waiting_ = 0;
  std::size_t silent_ = 0;
  std::unordered_map<std::string, Host> hosts_;  ///< those with links here; nodes stay where they are
  std::deque<Host*> turns_;                      ///< hosts with a waiting link and room for it
  std::unordered_map<std::uint64_t, Running> running_;
};

}  // namespace thumbline
