#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "common/base/clock.h"

namespace thumbline {

/// How far a run is.
struct Progress {
  std::uint64_t done = 0;  ///< those of earlier runs included, like the two below
  std::uint64_t failed = 0;
  std::uint64_t links = 0;   ///< known so far; 0: nothing is known
  bool all_known = false;    ///< no more links will come
  double images_per_s = 0;   ///< done ones, over the last seconds
  double settled_per_s = 0;  ///< done and failed ones
};

/// "done 1 234 of 5 000 · 12 failed · 154 images/s · 0:24 left". Says what it knows, the most important first, as far as it
/// fits into that many columns.
std::string progress_text(const Progress& progress, std::size_t columns);

/// The speed over the last seconds. What was there when it was first asked does not count.
class Speedometer {
 public:
  void note(Moment time, std::uint64_t done, std::uint64_t settled);
  [[nodiscard]] double done_per_s() const { return per_s(&Reading::done); }
  [[nodiscard]] double settled_per_s() const { return per_s(&Reading::settled); }

 private:
  struct Reading {
    Moment time;
    std::uint64_t done;
    std::uint64_t settled;
  };
  [[nodiscard]] double per_s(std::uint64_t Reading::*count) const;

  std::deque<Reading> readings_;  ///< oldest first
};

}  // namespace thumbline
