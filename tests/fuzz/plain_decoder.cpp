#include "tests/fuzz/plain_decoder.h"

// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on
#include <png.h>

#include <array>
#include <cstring>

namespace thumbline::fuzz {
namespace {

struct Broken {};

struct JpegDecoder {
  JpegDecoder() {
    codec.err = jpeg_std_error(&errors);
    errors.error_exit = [](j_common_ptr) { throw Broken(); };
    errors.output_message = [](j_common_ptr) {};
    jpeg_create_decompress(&codec);
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&codec); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  jpeg_error_mgr errors{};
  jpeg_decompress_struct codec{};
};

Bitmap decode(jpeg_decompress_struct& codec, std::span<const std::byte> file, int eighths) {
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&codec, TRUE);
  codec.scale_num = static_cast<unsigned>(eighths);
  codec.scale_denom = 8;
  static constexpr std::array colours{JCS_GRAYSCALE, JCS_UNKNOWN, JCS_RGB, JCS_CMYK};
  static constexpr std::array pixels{Pixel::grey, Pixel::grey, Pixel::rgb, Pixel::cmyk};
  const auto kind = static_cast<std::size_t>(codec.num_components - 1);
  if (kind >= colours.size() || colours.at(kind) == JCS_UNKNOWN) throw Broken();
  codec.out_color_space = colours.at(kind);
  jpeg_start_decompress(&codec);
  Bitmap picture(static_cast<int>(codec.output_width), static_cast<int>(codec.output_height), pixels.at(kind));
  for (int y = 0; y < picture.height(); ++y) {
    JSAMPROW row = picture.row(y);
    jpeg_read_scanlines(&codec, &row, 1);
    const bool light = codec.num_components == 4;  // is what files store, not ink
    for (std::size_t i = 0; light && i < picture.stride(); ++i) row[i] = static_cast<std::uint8_t>(255 - row[i]);
  }
  jpeg_finish_decompress(&codec);
  return picture;
}

struct PngDecoder {
  PngDecoder()
      : codec(png_create_read_struct(
            PNG_LIBPNG_VER_STRING, nullptr, [](png_structp, png_const_charp) { throw Broken(); },
            [](png_structp, png_const_charp) {})),
        info(png_create_info_struct(codec)) {}
  ~PngDecoder() { png_destroy_read_struct(&codec, &info, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  png_structp codec;
  png_infop info;
};

void take(png_structp codec, png_bytep to, std::size_t length) {
  auto& rest = *static_cast<std::span<const std::byte>*>(png_get_io_ptr(codec));
  if (length > rest.size()) throw Broken();
  std::memcpy(to, rest.data(), length);
  rest = rest.subspan(length);
}

Bitmap decode(const PngDecoder& decoder, std::span<const std::byte>& rest) {
  const auto& [codec, info] = decoder;
  png_set_read_fn(codec, &rest, take);
  png_set_option(codec, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
  png_read_info(codec, info);
  png_set_expand(codec);
  png_set_scale_16(codec);
  const int passes = png_set_interlace_handling(codec);
  png_read_update_info(codec, info);
  static constexpr std::array pixels{Pixel::grey, Pixel::grey_alpha, Pixel::rgb, Pixel::rgba};
  Bitmap picture(static_cast<int>(png_get_image_width(codec, info)), static_cast<int>(png_get_image_height(codec, info)),
                 pixels.at(png_get_channels(codec, info) - 1U));
  for (int row = 0; row < passes * picture.height(); ++row) png_read_row(codec, picture.row(row % picture.height()), nullptr);
  return picture;  // what follows the pixels does not matter
}

}  // namespace

std::optional<Bitmap> plain_jpeg(std::span<const std::byte> file, int eighths) {
  JpegDecoder decoder;
  try {
    Bitmap picture = decode(decoder.codec, file, eighths);
    if (decoder.errors.num_warnings == 0) return picture;
  } catch (const Broken&) {
  }
  return std::nullopt;
}

std::optional<Bitmap> plain_png(std::span<const std::byte> file) {
  const PngDecoder decoder;
  try {
    return decode(decoder, file);
  } catch (const Broken&) {
    return std::nullopt;
  }
}

}  // namespace thumbline::fuzz
