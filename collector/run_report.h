#pragma once
#include <string>

#include "collector/run_figures.h"

namespace thumbline {

/// What the user reads at the end, at most 100 columns wide: a row for each stage that ran, why links failed, the sum, and
/// what to do about it, the sum, and where everything is. `folder` as the user wrote it; `repeats`: how many links the source
/// named again; `before`: how many links had their outcome from earlier runs.
std::string run_report(const RunFigures& run, const std::string& folder, std::uint64_t repeats, std::uint64_t before);

}  // namespace thumbline
