#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace thumbline {

/// Exact percentiles of any number of durations in constant memory, where the durations can be gone through twice: the first
/// pass counts them by their upper half, the second those alone that share it with a wanted one by their lower half.
/// Nearest-rank: the p-th percentile of n values is the one at rank ceil(p / 100 * n) in ascending order.
class Percentiles {
 public:
  static constexpr std::array<int, 3> wanted{50, 95, 99};
  /// Durations above this (71 minutes) count as this, but for max_us().
  static constexpr std::uint64_t ceiling_us = (std::uint64_t{1} << 32) - 1;

  void first_pass(std::uint64_t duration_us);
  /// Between the passes.
  void narrow();
  void second_pass(std::uint64_t duration_us);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max_us() const { return max_us_; }
  /// After both passes, `percent` being one of those wanted; 0 where there was no duration.
  [[nodiscard]] std::uint64_t at_us(int percent) const;

 private:
  using Counts = std::vector<std::uint64_t>;  ///< 65,536 of them
  /// Where in `counts` the value of this rank (from 1) is; leaves in `rank` its rank among those that are counted there.
  static std::uint64_t find(const Counts& counts, std::uint64_t& rank);
  [[nodiscard]] std::uint64_t rank(int percent) const;

  std::uint64_t count_ = 0;
  std::uint64_t max_us_ = 0;
  Counts by_upper_ = Counts(1 << 16);
  std::map<std::uint64_t, Counts> by_lower_;  ///< for each upper half with a wanted value
};

}  // namespace thumbline
