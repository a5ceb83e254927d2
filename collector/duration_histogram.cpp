#include "collector/duration_histogram.h"

#include <algorithm>
#include <bit>

namespace thumbline {

std::size_t DurationHistogram::bucket_of(std::uint64_t duration_us) {
  const std::uint64_t value = std::min(duration_us, ceiling_us);
  const auto width = static_cast<unsigned>(std::bit_width(value));
  if (width <= bits + 1) return value;
  const unsigned shift = width - bits - 1;  // the highest bit and the next `bits` say which bucket
  return (std::size_t{shift} << bits) + (value >> shift);
}

std::uint64_t DurationHistogram::longest_in(std::size_t bucket) {
  if (bucket < (std::size_t{2} << bits)) return bucket;
  const std::size_t shift = (bucket >> bits) - 1;
  const std::uint64_t first = (std::uint64_t{1} << bits) + (bucket & ((1U << bits) - 1));
  return ((first + 1) << shift) - 1;
}

void DurationHistogram::add(std::uint64_t duration_us) {
  ++count_;
  max_us_ = std::max(max_us_, duration_us);
  ++buckets_[bucket_of(duration_us)];
}

std::uint64_t DurationHistogram::at_us(int percent) const {
  if (count_ == 0) return 0;
  std::uint64_t left = (static_cast<std::uint64_t>(percent) * count_ + 99) / 100;
  std::size_t bucket = 0;
  while (left > buckets_[bucket]) left -= buckets_[bucket++];
  return std::min(longest_in(bucket), max_us_);
}

}  // namespace thumbline
