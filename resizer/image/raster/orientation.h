#pragma once
#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// Whether an EXIF orientation (1 to 8) swaps width and height.
constexpr bool swaps_sides(int orientation) {
  return orientation >= 5;
}

/// Rotates and mirrors a stored picture to show it upright (Exif 2.32, 4.6.4: the visual position of row 0 and column 0).
Bitmap apply_orientation(const Bitmap& stored, int orientation);

}  // namespace thumbline
