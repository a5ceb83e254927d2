#pragma once
#include <chrono>
#include <cstdint>
#include <utility>

#include "common/base/clock.h"

namespace thumbline {

/// What may happen ten thousand times a second is said once a minute.
class Complaint {
 public:
  /// How often it has happened since it was said last, this time included; 0 where it need not be said now.
  std::uint64_t happened(Moment at) {
    ++times_;
    if (at < next_) return 0;
    next_ = at + std::chrono::minutes(1);
    return std::exchange(times_, 0);
  }

 private:
  Moment next_{};
  std::uint64_t times_ = 0;
};

}  // namespace thumbline
