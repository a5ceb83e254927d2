#pragma once
#include <chrono>

#include "common/base/clock.h"
#include "fetcher/pulse.h"

namespace thumbline {

/// When a download thread counts as hung. A turn of its loop takes milliseconds.
struct WatchdogLimits {
  std::chrono::milliseconds busy{30'000};  ///< of processor time within one turn; a slow or stopped machine gives none
  std::chrono::minutes stuck{5};           ///< without any processor time, though neither the network nor a file is waited for
};

/// Tells from the signs of one download thread whether it hangs. Wants to be asked about once a second. Pure.
class Watchdog {
 public:
  explicit Watchdog(WatchdogLimits limits) : limits_(limits) {}

  /// What was seen of the thread at this moment; whether it hangs.
  bool hangs(const Sign& sign, Moment at);

 private:
  WatchdogLimits limits_;
  Sign first_;  ///< of this turn
  Sign last_;
  Moment last_at_;
  std::chrono::nanoseconds stuck_{0};
};

}  // namespace thumbline
