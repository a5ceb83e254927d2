#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/result.h"
#include "resizer/image/limits.h"
#include "resizer/image/raster/geometry.h"
#include "resizer/image/raster/pixels.h"
#include "resizer/image/recipe.h"

namespace thumbline {

/// What is known about a picture before its pixels are decoded.
struct PictureHeader {
  Size size;                       ///< as stored
  int orientation = 1;             ///< EXIF, 1 to 8
  std::vector<std::byte> profile;  ///< ICC profile; empty if there is none
};

/// The rows that next_row() will return.
struct RowFormat {
  Size size;
  int eighths = 8;  ///< scale: eighths of the stored size, rounded up
  Pixel pixel = Pixel::rgb;
};

/// Decodes pictures of one format: open(), start(), next_row() for each row from the top, finish(). Can be reopened at any
/// time.
class ImageDecoder {
 public:
  virtual ~ImageDecoder() = default;
  ImageDecoder() = default;
  ImageDecoder(const ImageDecoder&) = delete;
  ImageDecoder& operator=(const ImageDecoder&) = delete;

  /// Reads only the header and checks the limits. `picture` must stay valid until the next open(). A tolerated error does not
  /// stop decoding before it has to, but next_row() or finish() still report it.
  virtual Result<PictureHeader> open(std::span<const std::byte> picture, const Limits& limits, Tolerance tolerance) = 0;
  Result<PictureHeader> open(std::span<const std::byte> picture, const Limits& limits) {
    return open(picture, limits, Tolerance::nothing);
  }

  /// `eighths`: the scale that suffices. A decoder that cannot scale returns the full size.
  virtual Result<RowFormat> start(int eighths) = 0;

  /// Valid until the next call.
  virtual Result<const std::uint8_t*> next_row() = 0;

  /// Reads to the end of the picture; fails if anything before was truncated or corrupt.
  virtual Result<void> finish() = 0;
};

}  // namespace thumbline
