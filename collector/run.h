#pragma once
#include "collector/options.h"

namespace thumbline {

/// A run from its first link to the table: the recipe of the collector. Throws Stop where it cannot go on.
ExitCode collect(const CollectorOptions& options);

}  // namespace thumbline
