#pragma once
#include "resizer/image/raster/geometry.h"
#include "resizer/image/raster/pixels.h"
#include "resizer/image/recipe.h"

namespace thumbline {

/// Composites a picture with alpha over the background; the result has no alpha. Leaves pictures without alpha as they are.
void flatten(const Background& background, Bitmap& picture);

/// The picture centred on an opaque canvas, which must not be smaller. Grey becomes RGB if the background is not grey.
Bitmap pad(const Bitmap& picture, Size canvas, const Background& background);

}  // namespace thumbline
