#pragma once
#include <chrono>
#include <cstdint>
#include <ctime>
#include <optional>

namespace thumbline {

/// Durations and deadlines.
using Moment = std::chrono::steady_clock::time_point;
/// What a person's clock shows; for records, never for deadlines.
using WallTime = std::chrono::system_clock::time_point;

/// The only places that ask the clocks (a check in the tests holds this): rules get the time as an argument.
Moment now();
WallTime wall_now();

/// The processor time of one thread, which other threads may read.
class ThreadClock {
 public:
  static ThreadClock of_this_thread();
  /// So far; nothing where the thread has ended.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> read() const;

 private:
  explicit ThreadClock(clockid_t id) : id_(id) {}
  clockid_t id_;
};

inline std::uint64_t to_us(std::chrono::steady_clock::duration d) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(d).count();
  return us < 0 ? 0 : static_cast<std::uint64_t>(us);
}

}  // namespace thumbline
