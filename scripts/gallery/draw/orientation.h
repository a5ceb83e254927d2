#pragma once
#include "scripts/gallery/draw/pixels.h"

namespace thumbline::gallery {

/// The pixels as a camera held that way stores them: a viewer that turns the result by its EXIF orientation, 1 to 8
/// (CIPA DC-008, tag 0x0112), sees `upright` again.
Pixels stored_as(const Pixels& upright, int orientation);

}  // namespace thumbline::gallery
