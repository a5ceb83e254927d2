#pragma once
#include <cstddef>
#include <vector>

namespace thumbline {

/// A resampling filter in one dimension: the source samples and weights for each target sample.
struct Filter {
  struct Window {
    int first;            ///< source sample
    int count;            ///< samples, at least 1
    std::size_t weights;  ///< index of the first one in Filter::weights; their sum is 1
  };
  std::vector<Window> windows;  ///< one per target sample; `first` and `first + count` never decrease
  std::vector<float> weights;
};

/// Lanczos-3, widened by the reduction factor to prevent aliasing (Turkowski, "Filters for Common Resampling Tasks", 1990), for
/// `target` samples from the part [start, start + length) of `source` samples. Samples outside the source have no weight. If
/// `source` is not an integer, its last sample is narrower accordingly.
Filter lanczos3(double source, double start, double length, int target);

}  // namespace thumbline
