#pragma once
#include <chrono>
#include <cstddef>

namespace thumbline {

/// How long a link usually takes from publication to receipt, estimated as TCP estimates its round trip: smoothed time plus
/// four times its deviation (RFC 6298, section 2), with gains scaled to the number of samples per round trip (RFC 7323,
/// appendix G), since a window of links is out at once.
class RoundTrip {
 public:
  using Duration = std::chrono::steady_clock::duration;

  /// One receipt; `in_flight` links were out. Not to be fed with a link that was published twice (Karn's algorithm, RFC 6298,
  /// section 3): nobody knows which of the two the receipt is for.
  void add(Duration sample, std::size_t in_flight);

  /// Smoothed time + 4 x deviation; `before_any` where nothing was measured yet.
  [[nodiscard]] Duration estimate(Duration before_any) const;

  /// The same for a link that shares the way with no more than `in_flight` - 1 others: most of the time under load is spent in
  /// queues, and those are as long as what is under way (Little's law). Not below some times what the fastest took.
  [[nodiscard]] Duration estimate(Duration before_any, std::size_t in_flight) const;

 private:
  std::size_t samples_ = 0;
  double in_flight_ = 0;  ///< smoothed
  double fastest_ = 0;    ///< seconds
  double smoothed_ = 0;   ///< seconds
  double deviation_ = 0;  ///< seconds
};

}  // namespace thumbline
