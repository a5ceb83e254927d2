#pragma once
#include "resizer/image/raster/geometry.h"
#include "resizer/image/raster/pixels.h"
#include "resizer/image/recipe.h"

namespace thumbline {

/// Lays a picture with alpha on a background; the result has none. Does nothing to others.
void flatten(const Background& background, Bitmap& picture);

/// The picture in the middle of an opaque canvas that is no smaller; grey becomes RGB where the background has a colour.
Bitmap pad(const Bitmap& picture, Size canvas, const Background& background);

}  // namespace thumbline
