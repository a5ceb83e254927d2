#include "resizer/image/row_reader.h"

#include <string>

namespace thumbline {

Result<void> check_size(std::uint64_t width, std::uint64_t height, const Limits& limits) {
  const auto side = static_cast<std::uint64_t>(limits.max_side);
  if (width <= side && height <= side && (width == 0 || height <= limits.max_pixels / width)) return {};
  return failed(Reason::too_many_pixels, "the header says " + std::to_string(width) + " x " + std::to_string(height) +
                                             " pixels; allowed are " + std::to_string(limits.max_pixels) + ", and " +
                                             std::to_string(side) + " a side");
}

}  // namespace thumbline
