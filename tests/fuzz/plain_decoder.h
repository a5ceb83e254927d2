#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "resizer/image/raster/pixels.h"

namespace thumbline::fuzz {

/// A JPEG as libjpeg alone decodes it at this scale, all of its scans: what JpegDecoder has to give, too. Nothing where libjpeg
/// has anything to say against it.
std::optional<Bitmap> plain_jpeg(std::span<const std::byte> file, int eighths);

/// A PNG as libpng alone decodes it, to 8 bits. Nothing where libpng fails.
std::optional<Bitmap> plain_png(std::span<const std::byte> file);

}  // namespace thumbline::fuzz
