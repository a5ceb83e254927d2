#pragma once
#include <cstddef>
#include <vector>

#include "resizer/image/jpeg/jpeg_error_handler.h"
#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// JPEG by libjpeg-turbo, 4:2:0, without metadata.
class JpegEncoder {
 public:
  JpegEncoder();
  ~JpegEncoder();
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  /// The whole file. `picture` is grey or RGB, `quality` 1 to 100.
  Result<std::vector<std::byte>> write(const Bitmap& picture, int quality, bool progressive);

 private:
  struct Destination : jpeg_destination_mgr {
    std::vector<std::byte> file;
  };
  static void begin(j_compress_ptr codec);
  static boolean grow(j_compress_ptr codec);
  void compress(const Bitmap& picture, int quality, bool progressive);

  JpegErrorHandler errors_;
  jpeg_compress_struct codec_{};
  Destination destination_{};
};

}  // namespace thumbline
