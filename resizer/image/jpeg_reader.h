#pragma once
#include <vector>

#include "resizer/image/jpeg_fence.h"
#include "resizer/image/jpeg_scans.h"
#include "resizer/image/jpeg_source.h"
#include "resizer/image/row_reader.h"

namespace thumbline {

/// JPEG by libjpeg-turbo: shrinks by DCT scaling; grey, RGB and (from CMYK and YCCK) CMYK rows.
class JpegReader : public RowReader {
 public:
  JpegReader();
  ~JpegReader() override;

  Result<PictureHeader> open(std::span<const std::byte> picture, const Limits& limits) override;
  Result<RowFormat> start(int eighths) override;
  Result<const std::uint8_t*> next_row() override;
  Result<void> finish() override;

 private:
  void create();
  [[nodiscard]] int orientation() const;
  std::vector<std::byte> profile();
  void leave_out_scans();

  JpegFence fence_;
  jpeg_decompress_struct codec_{};
  JpegSource source_;
  std::vector<JpegScan> scans_;  ///< where there is more than one
  bool inverted_inks_ = false;
  std::vector<std::uint8_t> row_;
};

}  // namespace thumbline
