#pragma once
#include <filesystem>

#include "common/base/result.h"

namespace thumbline {

/// Whether the last part of a path may be a symbolic link.
enum class Symlinks { follow, refuse };

/// Opens a file to read; the descriptor is the caller's. Never waits: what is no regular file (a FIFO, a device, a socket, a
/// folder) fails with `not-an-image`, since reading it may have no end; anything else with `io`.
Result<int> open_regular(const std::filesystem::path& file, Symlinks symlinks = Symlinks::follow);

}  // namespace thumbline
