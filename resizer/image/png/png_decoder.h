#pragma once
#include <array>

#include "resizer/image/image_decoder.h"
#include "resizer/image/png/png_data.h"
#include "resizer/image/png/png_error_handler.h"
#include "resizer/image/png/png_passes.h"

namespace thumbline {

/// Decodes PNG with libpng, and pixels of the common types with libdeflate, to 8-bit grey, grey with alpha, RGB or RGBA. Of an
/// animation it decodes the still picture.
class PngDecoder : public ImageDecoder {
 public:
  PngDecoder() = default;
  ~PngDecoder() override;

  Result<PictureHeader> open(std::span<const std::byte> picture, const Limits& limits, Tolerance tolerance) override;
  using ImageDecoder::open;
  Result<RowFormat> start(int eighths) override;
  Result<const std::uint8_t*> next_row() override;
  Result<void> finish() override;

 private:
  static void read_bytes(png_structp codec, png_bytep to, std::size_t length);
  void close();
  void look_at_format();
  void unpack();
  const std::uint8_t* unpacked_row();
  void read_header();
  void read_interlaced();
  void find_cut();
  Result<int> factor(int eighths, Pixel pixel) const;
  [[nodiscard]] std::uint64_t work() const;
  [[nodiscard]] Failure failure() const;
  [[nodiscard]] PictureHeader header();

  PngErrorHandler errors_;
  png_structp codec_ = nullptr;
  png_infop info_ = nullptr;
  std::span<const std::byte> picture_;
  std::span<const std::byte> rest_;  ///< of the file, not read yet
  bool end_of_input_ = false;
  std::size_t cut_length_at_ = 0;  ///< offset of the length of a last, incomplete IDAT chunk; 0 if there is none
  std::uint32_t cut_length_ = 0;   ///< how many of its bytes are there
  Limits limits_;
  Size size_;
  int y_ = 0;
  std::size_t stride_ = 0;
  bool interlaced_ = false;
  PngPasses passes_;
  int pass_ = 0, pass_row_ = 0;
  bool ended_early_ = false;  ///< the data had an error, but all rows were decoded
  PngData data_;
  std::size_t stored_channels_ = 0;  ///< if of a type that data_ can decompress, else 0
  std::uint64_t stored_bits_ = 0;    ///< per stored pixel
  std::size_t channels_ = 0;
  bool unpacked_ = false;                                   ///< data_ has the rows; libpng is no longer needed
  std::array<std::array<std::uint8_t, 4>, 256> palette_{};  ///< RGBA
  std::vector<std::uint8_t> row_;
};

}  // namespace thumbline
