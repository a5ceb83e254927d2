#pragma once
#include <cstddef>
#include <cstdint>

#include "common/base/result.h"

namespace thumbline {

/// Limits on what decoding a picture may cost. Those on size are checked on the header, before memory is allocated.
struct Limits {
  std::uint64_t max_pixels = 268'435'456;
  int max_scans = 100;                  ///< of a progressive JPEG
  std::size_t max_memory = 256U << 20;  ///< bytes; for pictures that must be held whole: progressive or interlaced
  /// Units of work for each started 100,000 bytes of a file, so that a small file cannot keep a processor busy. A unit takes at
  /// most about a nanosecond. Units are counted from the header and the data, not by the clock, so the result depends on the
  /// file alone.
  std::uint64_t max_work = 1'000'000'000;
};

/// Fails with too-many-pixels if the size is over the limit.
Result<void> check_size(std::uint64_t width, std::uint64_t height, const Limits& limits);

/// Units of work that a file of that size may cause.
std::uint64_t most_work(std::size_t file_bytes, const Limits& limits);

/// Fails with decode-limit if that is more work than a file of that size may cause.
Result<void> check_work(std::uint64_t work, std::size_t file_bytes, const Limits& limits);

}  // namespace thumbline
