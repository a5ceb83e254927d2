#include "resizer/image/limits.h"

#include <algorithm>
#include <limits>
#include <string>

namespace thumbline {

Result<void> check_size(std::uint64_t width, std::uint64_t height, const Limits& limits) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
  if (width <= most && height <= most && (width == 0 || height <= limits.max_pixels / width)) return {};
  return failed(Reason::too_many_pixels, "the header states " + std::to_string(width) + " x " + std::to_string(height) +
                                             " pixels, the limit is " + std::to_string(limits.max_pixels) + " (--max-pixels)");
}

std::uint64_t most_work(std::size_t file_bytes, const Limits& limits) {
  constexpr std::uint64_t unit = 100'000;
  const std::uint64_t units = std::max<std::uint64_t>((file_bytes + unit - 1) / unit, 1);
  return units > std::numeric_limits<std::uint64_t>::max() / std::max<std::uint64_t>(limits.max_work, 1)
             ? std::numeric_limits<std::uint64_t>::max()
             : units * limits.max_work;
}

Result<void> check_work(std::uint64_t work, std::size_t file_bytes, const Limits& limits) {
  if (work <= most_work(file_bytes, limits)) return {};
  return failed(Reason::decode_limit, "a file of " + std::to_string(file_bytes) + " bytes that takes as much work as one of " +
                                          std::to_string(work / std::max<std::uint64_t>(limits.max_work / 100'000, 1)) +
                                          " bytes");
}

}  // namespace thumbline
