#pragma once
#include <cstddef>

#include "fetcher/options.h"

namespace thumbline {

/// How many files and sockets a fetcher with these options has to be able to have open at once: connections in use and a few
/// that are kept, the pictures that are coming in, and what it needs itself. The links that wait for silent hosts are not
/// counted.
std::size_t open_files_needed(const FetcherOptions& options);

/// How many connections each lane may have open, in use or kept for the next link of their hosts: more where options.open_files
/// leaves room for them, half of which they may take.
std::size_t connections_kept(const FetcherOptions& options);

/// How many of options.open_files are left beside all of those.
std::size_t open_files_to_spare(const FetcherOptions& options);

/// Throws Stop where options.open_files are too few: pictures would fail one after the other, none of them by its own fault.
void require_open_files(const FetcherOptions& options);

/// How many the system lets this process have open.
std::size_t open_files_allowed();

}  // namespace thumbline
