#pragma once
#include "resizer/image/jpeg_fence.h"
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
  [[nodiscard]] int orientation() const;
  std::vector<std::byte> profile();

  JpegFence fence_;
  jpeg_decompress_struct codec_{};
  jpeg_source_mgr source_{};
  bool inverted_inks_ = false;
  std::vector<std::uint8_t> row_;
};

}  // namespace thumbline
