#pragma once
#include <cstddef>
#include <vector>

#include "common/base/result.h"
#include "resizer/image/raster/pixels.h"
#include "resizer/image/recipe.h"

namespace thumbline {

/// Encodes pictures in one format, without metadata. Can be reused at any time.
class ImageEncoder {
 public:
  virtual ~ImageEncoder() = default;
  ImageEncoder() = default;
  ImageEncoder(const ImageEncoder&) = delete;
  ImageEncoder& operator=(const ImageEncoder&) = delete;

  /// Whether the format has an alpha channel. If not, the caller flattens pictures first.
  [[nodiscard]] virtual bool has_alpha() const = 0;

  /// Returns the whole file. `picture` must not be CMYK. Uses only the encoder settings of `recipe`: quality, progressive.
  virtual Result<std::vector<std::byte>> encode(const Bitmap& picture, const Recipe& recipe) = 0;
};

}  // namespace thumbline
