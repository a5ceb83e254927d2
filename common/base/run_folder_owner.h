#pragma once
#include <filesystem>

#include "common/base/result.h"

namespace thumbline {

/// Whose a run's folder is. In one that another user prepared, links lead elsewhere and keys are known to others; so this
/// fails, saying what to do, where the folder, or something in it that a run uses, belongs neither to this user nor to root,
/// where all users may write to it, and where a link stands in the place of a file. Of `images`, `thumbnails`, `logs` and
/// `.partial` the user may lay one elsewhere, by a link of their own to a folder of their own. Nothing is said of a folder that
/// is not there yet. The launcher checks the same (scripts/launcher/ownership.py).
Result<void> check_run_folder_owner(const std::filesystem::path& folder);

}  // namespace thumbline
