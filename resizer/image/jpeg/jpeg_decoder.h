#pragma once
#include <vector>

#include "resizer/image/image_decoder.h"
#include "resizer/image/jpeg/jpeg_coefficients.h"
#include "resizer/image/jpeg/jpeg_error_handler.h"
#include "resizer/image/jpeg/jpeg_scans.h"
#include "resizer/image/jpeg/jpeg_source.h"

namespace thumbline {

/// Decodes JPEG with libjpeg-turbo, with DCT scaling, to grey, RGB or (from CMYK and YCCK) CMYK rows.
class JpegDecoder : public ImageDecoder {
 public:
  JpegDecoder();
  ~JpegDecoder() override;

  Result<PictureHeader> open(std::span<const std::byte> picture, const Limits& limits, Tolerance tolerance) override;
  using ImageDecoder::open;
  Result<RowFormat> start(int eighths) override;
  Result<const std::uint8_t*> next_row() override;
  Result<void> finish() override;

 private:
  void create();
  [[nodiscard]] int orientation() const;
  [[nodiscard]] std::vector<std::byte> profile() const;
  void skip_invisible_scans();
  [[nodiscard]] std::uint64_t count_blocks() const;
  [[nodiscard]] bool is_complete() const;
  Result<void> prepare_scans(int eighths);

  JpegErrorHandler errors_;
  jpeg_decompress_struct codec_{};
  JpegSource source_;
  JpegCoefficients coefficients_;
  bool several_scans_ = false;
  bool complete_ = true;         ///< no scan is missing
  std::vector<JpegScan> scans_;  ///< if there are several
  Limits limits_;
  Tolerance tolerance_ = Tolerance::nothing;
  std::size_t file_bytes_ = 0;
  bool inverted_inks_ = false;
  std::vector<std::uint8_t> row_;
};

}  // namespace thumbline
