// jpeglib.h needs FILE and size_t before it.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <array>
#include <cstdlib>
#include <stdexcept>

#include "scripts/gallery/draw/file.h"
#include "scripts/gallery/draw/orientation.h"

namespace thumbline::gallery {
namespace {

/// An APP1 segment with one entry in its first directory, the orientation (CIPA DC-008, 4.5 and 4.6), in Motorola's byte order.
std::array<std::uint8_t, 32> exif(int orientation) {
  return {'E', 'x',
          'i', 'f',
          0,   0,  //
          'M', 'M',
          0,   42,
          0,   0,
          0,   8,  // the directory is 8 bytes from here
          0,   1,  // entries
          1,   0x12,
          0,   3,
          0,   0,
          0,   1,  // orientation: one SHORT
          0,   static_cast<std::uint8_t>(orientation),
          0,   0,
          0,   0,
          0,   0};  // no other directory
}

[[noreturn]] void give_up(j_common_ptr jpeg) {
  std::array<char, JMSG_LENGTH_MAX> text{};
  jpeg->err->format_message(jpeg, text.data());
  throw std::runtime_error(text.data());
}

/// A libjpeg compressor into memory.
class Compressor {
 public:
  Compressor() {
    jpeg_.err = jpeg_std_error(&errors_);
    errors_.error_exit = give_up;
    jpeg_create_compress(&jpeg_);
    jpeg_mem_dest(&jpeg_, &data_, &size_);
  }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  ~Compressor() {
    jpeg_destroy_compress(&jpeg_);
    std::free(data_);  // NOLINT: jpeg_mem_dest() allocates with malloc()
  }

  jpeg_compress_struct& operator*() { return jpeg_; }
  [[nodiscard]] std::vector<std::uint8_t> file() const { return {data_, data_ + size_}; }

 private:
  jpeg_compress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  unsigned char* data_ = nullptr;
  unsigned long size_ = 0;
};

void set_up(jpeg_compress_struct& jpeg, Size size, const JpegLook& look) {
  jpeg.image_width = static_cast<JDIMENSION>(size.width);
  jpeg.image_height = static_cast<JDIMENSION>(size.height);
  jpeg.input_components = look.grey ? 1 : 3;
  jpeg.in_color_space = look.grey ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, look.quality, TRUE);
  if (!look.grey) {
    jpeg.comp_info[0].h_samp_factor = look.sampling == Sampling::full ? 1 : 2;
    jpeg.comp_info[0].v_samp_factor = look.sampling == Sampling::half_both ? 2 : 1;
  }
  if (look.progressive) jpeg_simple_progression(&jpeg);
}

}  // namespace

std::vector<std::uint8_t> jpeg_file(const Pixels& upright, const JpegLook& look) {
  const Pixels pixels = look.orientation > 1 ? stored_as(upright, look.orientation) : upright;
  std::vector<std::uint8_t> rows = samples(pixels, look.grey, false);
  Compressor compressor;
  jpeg_compress_struct& jpeg = *compressor;
  set_up(jpeg, pixels.size, look);
  jpeg_start_compress(&jpeg, TRUE);
  if (look.orientation > 0) {
    const auto segment = exif(look.orientation);
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, segment.data(), segment.size());
  }
  const std::size_t stride = rows.size() / jpeg.image_height;
  while (jpeg.next_scanline < jpeg.image_height) {
    JSAMPROW row = rows.data() + jpeg.next_scanline * stride;
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  return compressor.file();
}

}  // namespace thumbline::gallery
