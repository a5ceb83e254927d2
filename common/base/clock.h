#pragma once
#include <chrono>
#include <cstdint>

namespace thumbline {

/// Durations and deadlines.
using Moment = std::chrono::steady_clock::time_point;
/// What a person's clock shows; for records, never for deadlines.
using WallTime = std::chrono::system_clock::time_point;

/// The only places that ask the clocks (a check in the tests holds this): rules get the time as an argument.
Moment now();
WallTime wall_now();

inline std::uint64_t to_us(std::chrono::steady_clock::duration d) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(d).count();
  return us < 0 ? 0 : static_cast<std::uint64_t>(us);
}

}  // namespace thumbline
