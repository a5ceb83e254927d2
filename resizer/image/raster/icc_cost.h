#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace thumbline {

/// Limits on the cost of an ICC profile. Profiles in use stay far below them.
struct IccLimits {
  std::size_t bytes = 4U << 20;
  std::uint32_t tags = 100;
  std::uint64_t reads = 4;    ///< bytes of curves and tables read, as a multiple of the profile's size: parts may be shared
  std::uint64_t work = 2048;  ///< multiplications to convert one colour by one tag
};

/// Whether the cost of reading and applying a profile is in proportion to its size. Parts refer to each other by offsets, so a
/// few bytes can expand to thousands of curves. Follows all that a colour transform may read: curves (ICC.1:2010, 10.5
/// and 10.15), tables (10.8 to 10.11) and processing elements (10.14). Also false if a part leads out of the profile. All other
/// errors are left to the colour library.
bool is_affordable(std::span<const std::byte> profile, const IccLimits& limits = {});

}  // namespace thumbline
