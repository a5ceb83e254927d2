#pragma once
#include <filesystem>
#include <string>

#include "common/base/result.h"

namespace thumbline {

/// After a file of the run could not be read or written (`io`): tries whether any file can get into `folder` ("images") of the
/// run's folder, by way of .partial as all do. Where not (read-only, another's, another file system's, no folder), the failure
/// becomes `folder-unusable`: no other link would fare better, and the run has to stop. Other failures stay as they are.
void try_store(Failure& failure, const std::filesystem::path& run_folder, const std::string& folder);

}  // namespace thumbline
