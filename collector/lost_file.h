#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "collector/ledger.h"

namespace thumbline {

/// Whether a picture that was written with `bytes` did not survive a power loss: it is missing or ends early, its first or its
/// last block are zeros, or blocks in between never reached the disk (holes). One that somebody has put there since (shorter,
/// and yet with its end) is not lost, nor is one that cannot be read. Reads two blocks.
bool is_lost(const std::filesystem::path& picture, std::int64_t bytes);

/// A row, and those of its files that are lost.
struct LostFiles {
  std::uint64_t id;
  std::vector<std::string> paths;  ///< below the run's folder
};

/// The rows behind `after_seq` whose files in `folder` are lost. `originals`: whether those are in there, too.
std::vector<LostFiles> lost_files(Ledger& ledger, std::int64_t after_seq, const std::filesystem::path& folder, bool originals);

}  // namespace thumbline
