#pragma once
#include <string>
#include <string_view>

#include "common/base/image_kind.h"

namespace thumbline {

/// "images/NAME.EXT": where below the run's folder a fetched picture lies.
std::string picture_path(std::string_view name, ImageKind kind);

/// Whether `path` is that of this name, whatever its kind.
bool is_picture_path(std::string_view path, std::string_view name);

}  // namespace thumbline
