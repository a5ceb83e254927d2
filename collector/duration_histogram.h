#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace thumbline {

/// Percentiles of any number of durations at any moment, in 14 KB, at most 1.6 % above the exact ones: durations are counted in
/// buckets, 64 for each power of two (log-linear, as in Gil Tene's HdrHistogram). Nearest-rank, as in Percentiles, which is
/// exact but has to see everything twice.
class DurationHistogram {
 public:
  /// Durations above this (71 minutes) count as this, but for max_us().
  static constexpr std::uint64_t ceiling_us = (std::uint64_t{1} << 32) - 1;

  void add(std::uint64_t duration_us);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max_us() const { return max_us_; }
  /// The longest duration of the bucket that has this percentile, 1 to 100, yet not longer than max_us(); 0 where there was
  /// none.
  [[nodiscard]] std::uint64_t at_us(int percent) const;

 private:
  static constexpr unsigned bits = 6;  ///< 64 buckets for each power of two; below 128 µs each value has its own
  static std::size_t bucket_of(std::uint64_t duration_us);
  static std::uint64_t longest_in(std::size_t bucket);

  std::uint64_t count_ = 0;
  std::uint64_t max_us_ = 0;
  std::vector<std::uint64_t> buckets_ = std::vector<std::uint64_t>((32 - bits + 1) << bits);
};

}  // namespace thumbline
