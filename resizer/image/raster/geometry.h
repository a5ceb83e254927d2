#pragma once
#include "resizer/image/recipe.h"

namespace thumbline {

struct Size {
  int width = 0, height = 0;  ///< pixels
  friend constexpr bool operator==(Size, Size) = default;
};

/// A part of a picture in its pixel coordinates; edges may lie within pixels.
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

/// How a thumbnail is composed: `part` of the source is resampled to the size `picture` and centred on `canvas`.
struct Layout {
  Box part;
  Size picture;
  Size canvas;
};

/// The largest size in `box` with the aspect ratio of `source`, by the rule of Pillow's Image.thumbnail(): the limiting side
/// gets that of the box, the other one is rounded up or down, whichever keeps the aspect ratio better. Enlarges if the box is
/// larger.
Size fit_inside(Size source, Size box);

/// `source`: the size after the EXIF orientation has been applied.
Layout lay_out(Size source, const Recipe& recipe);

/// The same layout with width and height swapped, for a stored picture with EXIF orientation 5 to 8.
Layout swapped(const Layout& layout);

/// The smallest DCT scale in eighths (1, 2, 4 or 8) at which `part` is at least `margin` times as large as `picture` in both
/// directions; 8 if there is none.
int dct_eighths(const Layout& layout, int margin);

}  // namespace thumbline
