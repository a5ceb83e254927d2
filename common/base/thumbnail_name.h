#pragma once
#include <string>
#include <string_view>

#include "common/base/image_kind.h"

namespace thumbline {

/// Where below the run's folder a thumbnail goes: `thumbnails/NAME_thumbnail.ext`. In `resize` the original's own `extension`
/// is given: it is kept where it stands for the thumbnail's kind (`a.JPG` gives `a_thumbnail.JPG`), else the whole old name
/// stays (`a.jpg_thumbnail.png`). One that has no picture's extension (given as `.`) gets one of the thumbnail's kind
/// (`a.jpg_thumbnail.jpg`). So no two originals meet in one thumbnail: only names of the second and the third form have a
/// picture's extension before `_thumbnail`, and that of the third is of an original which would have the first form.
/// Empty where `name` leads out of the folder.
std::string thumbnail_path(std::string_view name, std::string_view original_extension, ImageKind kind);

}  // namespace thumbline
