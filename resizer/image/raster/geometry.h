#pragma once
#include "resizer/image/recipe.h"

namespace thumbline {

struct Size {
  int width = 0, height = 0;  ///< pixels
  friend constexpr bool operator==(Size, Size) = default;
};

/// A part of a picture, in its pixels: its borders may cut through them.
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

/// What becomes of a picture: `part` of it is resampled to `picture`, which is laid in the middle of `canvas`.
struct Layout {
  Box part;
  Size picture;
  Size canvas;
};

/// The size that Pillow's Image.thumbnail((box.width, box.height)) gives: the side that decides becomes the box's, the other
/// one is rounded to whichever neighbour keeps the aspect better. Larger than `source` where the box is.
Size fit_inside(Size source, Size box);

/// `source`: the size as seen, after turning.
Layout lay_out(Size source, const Recipe& recipe);

/// The same layout for a picture whose width and height are still swapped (EXIF orientations 5 to 8).
Layout swapped(const Layout& layout);

/// The smallest DCT scale, in eighths (1, 2, 4 or 8), at which `part` is still `margin` times as large as `picture` in both
/// directions; 8 where none is.
int dct_eighths(const Layout& layout, int margin);

}  // namespace thumbline
