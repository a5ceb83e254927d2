#pragma once
#include <cstddef>
#include <vector>

#include "common/base/result.h"
#include "resizer/image/pixels.h"
#include "resizer/image/png_fence.h"

namespace thumbline {

/// PNG by libpng, 8 bits, without metadata.
class PngWriter {
 public:
  /// The whole file. `picture` is not CMYK.
  Result<std::vector<std::byte>> write(const Bitmap& picture);

 private:
  static void keep(png_structp codec, png_bytep bytes, std::size_t length);

  PngFence fence_;
  std::vector<std::byte> file_;
};

}  // namespace thumbline
