#pragma once
#include <cstddef>

#include "fetcher/options.h"

namespace thumbline {

/// How many files and sockets a fetcher with these options may have open at once: connections in use and kept, the pictures
/// that are coming in, and what it needs itself. The links that wait for silent hosts are not counted.
std::size_t open_files_needed(const FetcherOptions& options);

/// How many of options.open_files are left beside those.
std::size_t open_files_to_spare(const FetcherOptions& options);

/// Throws Stop where options.open_files are too few: pictures would fail one after the other, none of them by its own fault.
void require_open_files(const FetcherOptions& options);

/// How many the system lets this process have open.
std::size_t open_files_allowed();

}  // namespace thumbline
