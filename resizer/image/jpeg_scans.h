#pragma once
#include <cstddef>
#include <span>

namespace thumbline {

/// How many scans a JPEG's bytes hold, found without decoding (ITU-T T.81, B.1.1: segments say their length, and coded data
/// have no marker in them but those for restarting). Counts up to the end-of-image marker, or what can be read.
int count_scans(std::span<const std::byte> jpeg);

}  // namespace thumbline
