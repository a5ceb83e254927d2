#include "producer/round_trip.h"

#include <algorithm>
#include <cmath>

namespace thumbline {

void RoundTrip::add(Duration sample, std::size_t in_flight) {
  const double seconds = std::chrono::duration<double>(sample).count();
  if (!any_) {
    any_ = true;
    smoothed_ = seconds;
    deviation_ = seconds / 2;
    return;
  }
  const double samples_per_round = std::max(1.0, static_cast<double>(in_flight) / 2);
  const double alpha = 1.0 / 8 / samples_per_round;
  const double beta = 1.0 / 4 / samples_per_round;
  deviation_ += beta * (std::abs(seconds - smoothed_) - deviation_);
  smoothed_ += alpha * (seconds - smoothed_);
}

RoundTrip::Duration RoundTrip::estimate(Duration before_any) const {
  if (!any_) return before_any;
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(smoothed_ + 4 * deviation_));
}

}  // namespace thumbline
