#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace thumbline {

/// Limits of an ICC profile's cost. Profiles in use stay far below all of them.
struct IccLimits {
  std::size_t bytes = 4U << 20;
  std::uint32_t tags = 100;
  std::uint64_t reads = 4;  ///< bytes of curves and tables to be read, as a multiple of the profile's size: parts may be shared
  std::uint64_t work = 2048;  ///< of one colour's way through one tag, in multiplications
};

/// Whether reading and applying a profile costs no more than its size lets expect. Its parts name each other by offsets, so
/// that a few bytes can stand for thousands of curves. Everything that a colour transform may read is followed: curves
/// (ICC.1:2010, 10.5 and 10.15), tables (10.8 to 10.11) and processing elements (10.14), each within the bytes that are there.
/// False also where a part leads out of the profile. What else may be wrong is for the colour library to say.
bool is_affordable(std::span<const std::byte> profile, const IccLimits& limits = {});

}  // namespace thumbline
