#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/base/image_kind.h"
#include "common/base/result.h"
#include "resizer/image/recipe.h"

namespace thumbline {

/// What a picture may cost; checked on its header alone, before memory is asked for.
struct Limits {
  std::uint64_t max_pixels = 268'435'456;
  int max_scans = 100;                  ///< of a progressive JPEG
  std::size_t max_memory = 256U << 20;  ///< bytes, for pictures that must be held whole: progressive or interlaced
  /// For each 100,000 bytes of a file that are begun, so that a small file cannot keep a processor busy. Counted before and
  /// while a picture is read, in units that take at most about a nanosecond each: how a picture ends depends on it alone.
  std::uint64_t max_work = 1'000'000'000;
};

struct Thumbnail {
  std::vector<std::byte> bytes;     ///< a whole JPEG or PNG file, without metadata
  ImageKind kind;                   ///< ImageKind::jpeg or ImageKind::png
  int width, height;                ///< pixels
  int source_width, source_height;  ///< pixels as stored, before turning by the EXIF orientation
};

/// Makes thumbnails of JPEG and PNG pictures. For one thread; keeps buffers and codecs between pictures, so keep it too.
class Thumbnailer {
 public:
  explicit Thumbnailer(const Limits& limits = {});
  ~Thumbnailer();
  Thumbnailer(Thumbnailer&&) noexcept;
  Thumbnailer& operator=(Thumbnailer&&) noexcept;

  /// The thumbnail of a whole file's bytes, which are only read. Fails with
  /// not-an-image (the first bytes are no picture's), unsupported-format (GIF, WebP, ...; 12-bit or lossless JPEG),
  /// too-many-pixels, decode-limit (scans, memory or work), truncated (the file ends before its end marker), corrupt.
  Result<Thumbnail> make(std::span<const std::byte> picture, const Recipe& recipe);

 private:
  class Workshop;
  std::unique_ptr<Workshop> workshop_;
};

}  // namespace thumbline
