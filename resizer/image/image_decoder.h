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

/// What is known of a picture before its pixels.
struct PictureHeader {
  Size size;                       ///< as stored
  int orientation = 1;             ///< EXIF, 1 to 8
  std::vector<std::byte> profile;  ///< ICC; empty where there is none
};

/// The rows that will come.
struct RowFormat {
  Size size;
  int eighths = 8;  ///< of the stored size; rounded up
  Pixel pixel = Pixel::rgb;
};

/// A decoder: open, start, next_row() for each row from the top, finish. Can be opened again at any time.
class ImageDecoder {
 public:
  virtual ~ImageDecoder() = default;
  ImageDecoder() = default;
  ImageDecoder(const ImageDecoder&) = delete;
  ImageDecoder& operator=(const ImageDecoder&) = delete;

  /// Reads the header alone and checks the limits. `picture` must live until the next open(). What is tolerated is read as far
  /// as it goes; next_row() or finish() still say that something was wrong.
  virtual Result<PictureHeader> open(std::span<const std::byte> picture, const Limits& limits, Tolerance tolerance) = 0;
  Result<PictureHeader> open(std::span<const std::byte> picture, const Limits& limits) {
    return open(picture, limits, Tolerance::nothing);
  }

  /// `eighths`: the size that is enough; a decoder that cannot shrink gives all.
  virtual Result<RowFormat> start(int eighths) = 0;

  /// Lives until the next call.
  virtual Result<const std::uint8_t*> next_row() = 0;

  /// Reads to the end of the picture; fails where anything before was truncated or corrupt.
  virtual Result<void> finish() = 0;
};

}  // namespace thumbline
