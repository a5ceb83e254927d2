#include "resizer/image/jpeg_scans.h"

#include <cstring>

namespace thumbline {
namespace {

constexpr std::byte marker_start{0xFF};
constexpr int start_of_scan = 0xDA;
constexpr int end_of_image = 0xD9;

/// Markers that no length follows: stuffed zeros and fill bytes in coded data, TEM, RST0 to RST7, SOI.
bool stands_alone(int marker) {
  return marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8) || marker == 0xFF;
}

}  // namespace

int count_scans(std::span<const std::byte> jpeg) {
  int scans = 0;
  for (std::size_t at = 0; at + 1 < jpeg.size();) {
    const void* found = std::memchr(jpeg.data() + at, std::to_integer<int>(marker_start), jpeg.size() - at - 1);
    if (found == nullptr) break;
    at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - jpeg.data());
    const int marker = std::to_integer<int>(jpeg[at + 1]);
    if (marker == end_of_image) break;
    if (marker == start_of_scan) ++scans;
    at += marker == 0xFF ? 1 : 2;
    if (stands_alone(marker) || at + 1 >= jpeg.size()) continue;
    at += std::to_integer<std::size_t>(jpeg[at]) << 8 | std::to_integer<std::size_t>(jpeg[at + 1]);
  }
  return scans;
}

}  // namespace thumbline
