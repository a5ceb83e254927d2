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
  int source_width, source_height;  ///< pixels as stored, before turning by the EXIF orientation
};

/// Makes thumbnails of pictures of any format in codecs.h. For one thread; keeps buffers and codecs between pictures, so keep
/// it too.
class Thumbnailer {
 public:
  explicit Thumbnailer(const Limits& limits = {});
  ~Thumbnailer();
  Thumbnailer(Thumbnailer&&) noexcept;
  Thumbnailer& operator=(Thumbnailer&&) noexcept;

  /// The thumbnail of a whole file's bytes, which are only read. `recipe.format` must be a kind that can be encoded. Fails with
  /// not-an-image (the first bytes are no picture's), unsupported-format (no codec; 12-bit or lossless JPEG),
  /// too-many-pixels, decode-limit (scans, memory or work), truncated (the file ends before its end marker), corrupt.
  Result<Thumbnail> make(std::span<const std::byte> picture, const Recipe& recipe);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace thumbline
