#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "common/base/image_kind.h"
#include "common/base/result.h"
#include "resizer/image/limits.h"
#include "resizer/image/recipe.h"

namespace thumbline {

struct Thumbnail {
  std::vector<std::byte> bytes;     ///< a whole file, without metadata
  ImageKind kind;                   ///< of that file
  int width, height;                ///< pixels
  int source_width, source_height;  ///< pixels as stored, before the EXIF orientation is applied
};

/// Makes thumbnails of pictures in any format that has a codec (codecs.h). Not thread-safe. Reuses buffers and codecs, so keep
/// it for many pictures.
class Thumbnailer {
 public:
  explicit Thumbnailer(const Limits& limits = {});
  ~Thumbnailer();
  Thumbnailer(Thumbnailer&&) noexcept;
  Thumbnailer& operator=(Thumbnailer&&) noexcept;

  /// `picture`: the bytes of a whole file. `recipe.format` must be a kind that can be encoded. Fails with not-an-image (no
  /// known signature), unsupported-format (no codec; 12-bit or lossless JPEG), too-many-pixels, decode-limit (scans, memory or
  /// work), truncated (the file ends early) or corrupt.
  Result<Thumbnail> make(std::span<const std::byte> picture, const Recipe& recipe);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace thumbline
