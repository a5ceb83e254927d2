#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "resizer/image/image_encoder.h"
#include "resizer/image/jpeg/jpeg_error_handler.h"
#include "resizer/image/raster/geometry.h"

namespace thumbline {

/// Encodes JPEG with libjpeg-turbo, with 4:2:0 chroma subsampling.
class JpegEncoder : public ImageEncoder {
 public:
  JpegEncoder();
  ~JpegEncoder() override;

  [[nodiscard]] bool has_alpha() const override { return false; }
  Result<std::vector<std::byte>> encode(const Bitmap& picture, const Recipe& recipe) override;

  /// Codec::encoded_size.
  static std::optional<Size> encoded_size(std::span<const std::byte> head);

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
