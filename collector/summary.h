#pragma once
#include <string>

#include "collector/run_figures.h"

namespace thumbline {

/// The text of summary.json. Its keys are a contract (docs/output.md): add, never rename.
std::string summary_json(const RunFigures& run);

}  // namespace thumbline
