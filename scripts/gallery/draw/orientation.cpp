#include "scripts/gallery/draw/orientation.h"

#include <algorithm>

namespace thumbline::gallery {

// The standard tells where the stored row 0 and the stored column 0 are seen: 6 is "right-hand side, top".
Pixels stored_as(const Pixels& upright, int orientation) {
  const auto [width, height] = upright.size;
  const bool on_its_side = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  Pixels stored(on_its_side ? Size{height, width} : upright.size);
  for (int row = 0; row < stored.size.height; ++row) {
    for (int column = 0; column < stored.size.width; ++column) {
      const int x = on_its_side ? row : column;
      const int y = on_its_side ? column : row;
      std::copy_n(upright.at(from_right ? width - 1 - x : x, from_below ? height - 1 - y : y), 4, stored.at(column, row));
    }
  }
  return stored;
}

}  // namespace thumbline::gallery
