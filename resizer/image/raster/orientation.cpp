#include "resizer/image/raster/orientation.h"

#include <cstring>

namespace thumbline {

Bitmap apply_orientation(const Bitmap& stored, int orientation) {
  const int right = stored.width() - 1;
  const int bottom = stored.height() - 1;
  const bool swap = swaps_sides(orientation);
  // Row 0 of the stored picture is shown at the bottom or, if swapped, at the right; column 0 at the right or the bottom.
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const auto size = static_cast<std::size_t>(channels(stored.pixel()));

  Bitmap seen(swap ? stored.height() : stored.width(), swap ? stored.width() : stored.height(), stored.pixel());
  for (int y = 0; y < seen.height(); ++y) {
    for (int x = 0; x < seen.width(); ++x) {
      const int column = swap ? y : x;
      const int row = swap ? x : y;
      std::memcpy(seen.at(x, y), stored.at(from_right ? right - column : column, from_bottom ? bottom - row : row), size);
    }
  }
  return seen;
}

}  // namespace thumbline
