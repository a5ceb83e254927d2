#pragma once
#include <cstdint>
#include <string>

namespace thumbline {

// Numbers as people read them.

/// 12345 -> "12 345"
std::string count_text(std::uint64_t count);

/// "840 µs", "2.3 ms", "287 ms", "4.21 s", "32.4 s", "2 min 04 s", "1 h 02 min"
std::string duration_text(std::uint64_t us);

/// Powers of 1000: "503 B", "81.4 kB", "1.40 GB"
std::string bytes_text(std::uint64_t bytes);

/// At least three figures: "1.54", "15.4", "154", "12 345"
std::string rate_text(double per_second);

/// What a clock counts down: "0:24", "12:05", "1:02:03"
std::string countdown_text(std::uint64_t seconds);

}  // namespace thumbline
