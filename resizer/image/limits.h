#pragma once
#include <cstddef>
#include <cstdint>

#include "common/base/result.h"

namespace thumbline {

/// What a picture may cost; checked on its header alone, before memory is asked for.
struct Limits {
  std::uint64_t max_pixels = 268'435'456;
  int max_scans = 100;                  ///< of a progressive JPEG
  std::size_t max_memory = 256U << 20;  ///< bytes, for pictures that must be held whole: progressive or interlaced
  /// For each 100,000 bytes of a file that are begun, so that a small file cannot keep a processor busy. Counted before and
  /// while a picture is read, in units that take at most about a nanosecond each: how a picture ends depends on it alone.
  std::uint64_t max_work = 1'000'000'000;
};

/// Fails with too-many-pixels.
Result<void> check_size(std::uint64_t width, std::uint64_t height, const Limits& limits);

/// How much work a file of that size may cause.
std::uint64_t most_work(std::size_t file_bytes, const Limits& limits);

/// Fails with decode-limit.
Result<void> check_work(std::uint64_t work, std::size_t file_bytes, const Limits& limits);

}  // namespace thumbline
