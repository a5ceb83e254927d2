#include "producer/round_trip.h"

#include <algorithm>
#include <cmath>

namespace thumbline {

void RoundTrip::add(Duration sample, std::size_t in_flight) {
  const double seconds = std::chrono::duration<double>(sample).count();
  if (samples_++ == 0) {
    smoothed_ = fastest_ = seconds;
    deviation_ = seconds / 2;
    in_flight_ = static_cast<double>(in_flight);
    return;
  }
  const double samples_per_round = std::max(1.0, static_cast<double>(in_flight) / 2);
  // At the start a plain average learns faster than those small gains would.
  const double average = 1.0 / static_cast<double>(samples_);
  const double alpha = std::max(1.0 / 8 / samples_per_round, average);
  const double beta = std::max(1.0 / 4 / samples_per_round, average);
  deviation_ += beta * (std::abs(seconds - smoothed_) - deviation_);
  smoothed_ += alpha * (seconds - smoothed_);
  in_flight_ += alpha * (static_cast<double>(in_flight) - in_flight_);
  fastest_ = std::min(fastest_, seconds);
}

RoundTrip::Duration RoundTrip::estimate(Duration before_any) const {
  if (samples_ == 0) return before_any;
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(smoothed_ + 4 * deviation_));
}

RoundTrip::Duration RoundTrip::estimate(Duration before_any, std::size_t in_flight) const {
  const Duration loaded = estimate(before_any);
  if (samples_ == 0) return loaded;
  constexpr double fastest_times = 4;
  const double share = std::min(1.0, static_cast<double>(in_flight) / std::max(1.0, in_flight_));
  const auto least = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(fastest_times * fastest_));
  return std::min(loaded, std::max(least, std::chrono::duration_cast<Duration>(loaded * share)));
}

}  // namespace thumbline
