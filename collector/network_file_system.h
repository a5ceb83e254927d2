#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace thumbline {

/// The name of the network (or cluster) file system with this number (statfs(2), f_type); empty for all others.
std::string_view network_file_system_name(std::uint64_t type);

/// That of the file system which holds `folder`. SQLite's write-ahead log needs memory that all processes share, which there is
/// none of between hosts (sqlite.org/wal.html). FUSE counts as one: what is behind it is not known.
std::string network_file_system(const std::filesystem::path& folder);

}  // namespace thumbline
