#include "scripts/gallery/draw/orientation.h"

namespace thumbline::gallery {

// The standard tells where the stored row 0 and the stored column 0 are seen: 6 is "right-hand side, top".
Pixels stored_as(const Pixels& upright, int orientation) {
  const auto [width, height] = upright.size;
  const bool on_its_side = orientation >= 5;
  Pixels stored{on_its_side ? Size{height, width} : upright.size, {}};
  stored.rgba.reserve(upright.rgba.size());
  for (int row = 0; row < stored.size.height; ++row) {
    for (int column = 0; column < stored.size.width; ++column) {
      int x = on_its_side ? row : column;
      int y = on_its_side ? column : row;
      if (orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7) {
        x = width - 1 - x;
      }
      if (orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8) {
        y = height - 1 - y;
      }
      const std::uint8_t* pixel = upright.at(x, y);
      stored.rgba.insert(stored.rgba.end(), pixel, pixel + 4);
    }
  }
  return stored;
}

}  // namespace thumbline::gallery
