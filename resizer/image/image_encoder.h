#pragma once
#include <cstddef>
#include <vector>

#include "common/base/result.h"
#include "resizer/image/raster/pixels.h"
#include "resizer/image/recipe.h"

namespace thumbline {

/// Writes files of one format, without metadata. Can be used again at any time.
class ImageEncoder {
 public:
  virtual ~ImageEncoder() = default;
  ImageEncoder() = default;
  ImageEncoder(const ImageEncoder&) = delete;
  ImageEncoder& operator=(const ImageEncoder&) = delete;

  /// Whether encode() takes pictures with alpha.
  [[nodiscard]] virtual bool has_alpha() const = 0;

  /// The whole file. `picture` is not CMYK. Of `recipe` only what concerns the format counts: quality, progressive, ...
  virtual Result<std::vector<std::byte>> encode(const Bitmap& picture, const Recipe& recipe) = 0;
};

}  // namespace thumbline
