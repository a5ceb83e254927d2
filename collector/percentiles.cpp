#include "collector/percentiles.h"

#include <algorithm>

namespace thumbline {
namespace {

std::uint64_t upper(std::uint64_t duration_us) {
  return std::min(duration_us, Percentiles::ceiling_us) >> 16;
}
std::uint64_t lower(std::uint64_t duration_us) {
  return std::min(duration_us, Percentiles::ceiling_us) & 0xffff;
}

}  // namespace

std::uint64_t Percentiles::find(const Counts& counts, std::uint64_t& rank) {
  std::uint64_t i = 0;
  while (rank > counts[i]) rank -= counts[i++];
  return i;
}

std::uint64_t Percentiles::rank(int percent) const {
  const auto p = static_cast<std::uint64_t>(percent);
  return (p * count_ + 99) / 100;
}

void Percentiles::first_pass(std::uint64_t duration_us) {
  ++count_;
  max_us_ = std::max(max_us_, duration_us);
  ++by_upper_[upper(duration_us)];
}

void Percentiles::narrow() {
  if (count_ == 0) return;
  for (const int percent : wanted) {
    std::uint64_t left = rank(percent);
    by_lower_.try_emplace(find(by_upper_, left), Counts(1 << 16));
  }
}

void Percentiles::second_pass(std::uint64_t duration_us) {
  const auto found = by_lower_.find(upper(duration_us));
  if (found != by_lower_.end()) ++found->second[lower(duration_us)];
}

std::uint64_t Percentiles::at_us(int percent) const {
  if (count_ == 0) return 0;
  std::uint64_t left = rank(percent);
  const std::uint64_t high = find(by_upper_, left);
  return high << 16 | find(by_lower_.at(high), left);
}

}  // namespace thumbline
