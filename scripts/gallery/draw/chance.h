#pragma once
#include <cstdint>

namespace thumbline::gallery {

/// Random numbers that are the same for the same seed everywhere, which the distributions of <random> do not promise.
/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  /// From 0 (included) to 1 (excluded).
  float unit() { return static_cast<float>(bits() >> 40U) * 0x1p-24F; }
  float between(float low, float high) { return low + (high - low) * unit(); }
  /// An integer from `low` to `high`, both included.
  int whole(int low, int high) { return low + static_cast<int>(bits() % static_cast<std::uint64_t>(high - low + 1)); }

 private:
  std::uint64_t state_;
};

}  // namespace thumbline::gallery
