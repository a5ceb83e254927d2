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

 private:
  std::size_t samples_ = 0;
  double smoothed_ = 0;   ///< seconds
  double deviation_ = 0;  ///< seconds
};

}  // namespace thumbline
