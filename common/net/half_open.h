#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/clock.h"

namespace thumbline {

/// Connections to a bound socket whose handshake may not be over, so that there are never too many of them: each may make
/// libzmq keep a frame and its buffers, and nobody has shown a key yet. Those that have taken long give way to new ones; where
/// none has, who comes is sent away. Pure: the time and the state of a connection are arguments.
class HalfOpen {
 public:
  struct Connection {
    int fd = -1;
    std::string peer;  ///< address and port, as the kernel has them
  };
  /// Whether the handshake of a connection that has not been closed goes on.
  using GoesOn = std::function<bool(const Connection&)>;

  /// Puts down a connection that was accepted. Returns those to be cut so that no more than `most` are left.
  std::vector<Connection> add(Connection connection, Moment now, std::size_t most, const GoesOn& goes_on);
  /// It was closed.
  void remove(int fd);

  [[nodiscard]] std::size_t size() const { return by_age_.size(); }

 private:
  struct Entry {
    Connection connection;
    Moment since;
  };

  std::uint64_t next_ = 0;
  std::map<std::uint64_t, Entry> by_age_;
  std::unordered_map<int, std::uint64_t> by_fd_;
  Moment next_look_{};
};

}  // namespace thumbline
