#pragma once
#include <filesystem>
#include <string>

#include "common/base/result.h"

namespace thumbline {

/// What tells a run's folder from all others, from whichever host it is seen: what DIR/.store-id says, letters and digits.
/// Empty where there is none, or no such.
std::string store_id(const std::filesystem::path& folder);

/// The same, never empty; a folder that has none gets `fresh`, which nobody else has, and is made where it is missing. Fails
/// with `disk-full` or `io`.
Result<std::string> make_store_id(const std::filesystem::path& folder, const std::string& fresh);

}  // namespace thumbline
