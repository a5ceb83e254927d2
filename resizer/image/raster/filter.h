#pragma once
#include <cstddef>
#include <vector>

namespace thumbline {

/// Which source samples make each target sample along one direction, and with what weights.
struct Filter {
  struct Window {
    int first;            ///< source sample
    int count;            ///< samples, at least 1
    std::size_t weights;  ///< where in Filter::weights they start; their sum is 1
  };
  std::vector<Window> windows;  ///< one a target sample; `first` and `first + count` never go down
  std::vector<float> weights;
};

/// Lanczos-3, widened by the shrink factor against aliasing (Turkowski, "Filters for Common Resampling Tasks", 1990), for
/// `target` samples from the part [start, start + length) of `source` samples. What lies outside the source has no weight;
/// where `source` is not whole, its last sample is that much narrower.
Filter lanczos3(double source, double start, double length, int target);

}  // namespace thumbline
