#pragma once
#include <string>

namespace thumbline {

/// What tells this boot of the machine from all others (random(4)); empty where the kernel does not say. Tests set
/// THUMBLINE_BOOT_ID instead of pulling the plug.
std::string boot_id();

}  // namespace thumbline
