#include "tests/resizer/image/drawn_picture.h"

// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on
#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

namespace thumbline::drawn {
namespace {

constexpr int chunk_overhead = 12;  // length, name, checksum

void append(Bytes& to, std::string_view text) {
  for (const char c : text) to.push_back(static_cast<std::byte>(c));
}

void append_number(Bytes& to, std::uint32_t value, int bytes, bool big_endian = true) {
  for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::byte>(value >> 8 * (big_endian ? bytes - 1 - i : i)));
}

std::uint32_t number(std::span<const std::byte> from, std::size_t at, int bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | std::to_integer<std::uint32_t>(from[at + static_cast<std::size_t>(i)]);
  return value;
}

void fail(j_common_ptr codec) {
  std::array<char, JMSG_LENGTH_MAX> text{};
  codec->err->format_message(codec, text.data());
  throw std::runtime_error(text.data());
}

void choose_colours(jpeg_compress_struct& codec, Pixel pixel, const JpegStyle& style) {
  if (pixel == Pixel::rgb && style.keep_rgb) jpeg_set_colorspace(&codec, JCS_RGB);
  if (pixel == Pixel::cmyk && style.inks == Inks::adobe_ycck) jpeg_set_colorspace(&codec, JCS_YCCK);
  if (pixel == Pixel::cmyk && style.inks == Inks::plain) codec.write_Adobe_marker = FALSE;
  if (pixel == Pixel::rgb && !style.keep_rgb) {
    codec.comp_info[0].h_samp_factor = style.luma_sampling[0];
    codec.comp_info[0].v_samp_factor = style.luma_sampling[1];
  }
}

Bitmap decode_jpeg(std::span<const std::byte> file) {
  jpeg_decompress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  errors.error_exit = fail;
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&codec, TRUE);
  jpeg_start_decompress(&codec);
  Bitmap picture(static_cast<int>(codec.output_width), static_cast<int>(codec.output_height),
                 codec.output_components == 1 ? Pixel::grey : Pixel::rgb);
  for (int y = 0; y < picture.height(); ++y) {
    JSAMPROW row = picture.row(y);
    jpeg_read_scanlines(&codec, &row, 1);
  }
  jpeg_finish_decompress(&codec);
  jpeg_destroy_decompress(&codec);
  return picture;
}

Bitmap decode_png(std::span<const std::byte> file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) throw std::runtime_error(image.message);
  static constexpr std::array pixels{Pixel::grey, Pixel::grey_alpha, Pixel::rgb, Pixel::rgba};
  image.format &= PNG_FORMAT_FLAG_ALPHA | PNG_FORMAT_FLAG_COLOR;
  Bitmap picture(static_cast<int>(image.width), static_cast<int>(image.height), pixels.at(image.format));
  if (png_image_finish_read(&image, nullptr, picture.row(0), 0, nullptr) == 0) throw std::runtime_error(image.message);
  return picture;
}

/// Samples of 1 to 16 bits, packed from the high bits on (W3C PNG, 7.2).
std::vector<png_byte> packed(std::span<const int> samples, int depth) {
  std::vector<png_byte> row((samples.size() * static_cast<std::size_t>(depth) + 7) / 8);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (int bit = 0; bit < depth; ++bit) {
      const std::size_t at = i * static_cast<std::size_t>(depth) + static_cast<std::size_t>(bit);
      const int value = samples[i] >> (depth - 1 - bit) & 1;
      row[at / 8] = static_cast<png_byte>(row[at / 8] | value << (7 - at % 8));
    }
  }
  return row;
}

void set_palette(png_structp codec, png_infop info, const PngStyle& style) {
  std::vector<png_color> colours;
  std::vector<png_byte> alphas;
  bool opaque = true;
  for (const auto& [red, green, blue, alpha] : style.palette) {
    colours.push_back({static_cast<png_byte>(red), static_cast<png_byte>(green), static_cast<png_byte>(blue)});
    alphas.push_back(static_cast<png_byte>(alpha));
    opaque = opaque && alpha == 255;
  }
  if (!colours.empty()) png_set_PLTE(codec, info, colours.data(), static_cast<int>(colours.size()));
  if (!opaque) png_set_tRNS(codec, info, alphas.data(), static_cast<int>(alphas.size()), nullptr);
}

void set_transparent(png_structp codec, png_infop info, const PngStyle& style) {
  if (style.transparent.empty()) return;
  png_color_16 colour{};
  const auto sample = [&](std::size_t i) { return static_cast<png_uint_16>(style.transparent.at(i)); };
  if (style.transparent.size() == 1) {
    colour.gray = sample(0);
  } else {
    colour.red = sample(0);
    colour.green = sample(1);
    colour.blue = sample(2);
  }
  png_set_tRNS(codec, info, nullptr, 0, &colour);
}

}  // namespace

Colour slopes(double u, double v) {
  return {20 + 200 * u, 30 + 190 * v, 40 + 80 * u + 90 * v, 255};
}

Bitmap draw(int width, int height, Pixel pixel, const Scene& scene) {
  Bitmap picture(width, height, pixel);
  const int size = channels(pixel);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Colour colour = scene((x + 0.5) / width, (y + 0.5) / height);
      for (int c = 0; c < size; ++c) {
        const std::size_t from = pixel == Pixel::grey_alpha && c == 1 ? 3 : static_cast<std::size_t>(c);
        picture.at(x, y)[c] = static_cast<std::uint8_t>(std::lround(std::clamp(colour.at(from), 0.0, 255.0)));
      }
    }
  }
  return picture;
}

Bytes jpeg(const Bitmap& picture, const JpegStyle& style) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  errors.error_exit = fail;
  jpeg_create_compress(&codec);
  unsigned char* data = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&codec, &data, &length);
  codec.image_width = static_cast<JDIMENSION>(picture.width());
  codec.image_height = static_cast<JDIMENSION>(picture.height());
  codec.input_components = channels(picture.pixel());
  codec.in_color_space = picture.pixel() == Pixel::grey ? JCS_GRAYSCALE : picture.pixel() == Pixel::cmyk ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, style.quality, TRUE);
  choose_colours(codec, picture.pixel(), style);
  codec.restart_in_rows = style.restart_rows;
  codec.arith_code = style.arithmetic ? TRUE : FALSE;
  if (style.progressive) jpeg_simple_progression(&codec);
  std::array<jpeg_scan_info, 3> scans{};
  if (style.one_scan_a_component) {
    for (int i = 0; i < 3; ++i) scans.at(static_cast<std::size_t>(i)) = {1, {i}, 0, 63, 0, 0};
    codec.scan_info = scans.data();
    codec.num_scans = 3;
  }
  std::vector<jpeg_scan_info> script;
  for (const auto& [components, first, last, high, low] : style.script) {
    jpeg_scan_info scan{static_cast<int>(components.size()), {}, first, last, high, low};
    std::ranges::copy(components, scan.component_index);
    script.push_back(scan);
  }
  if (!script.empty()) {
    codec.scan_info = script.data();
    codec.num_scans = static_cast<int>(script.size());
  }
  jpeg_start_compress(&codec, TRUE);
  const auto segment = [&](int marker, const Bytes& bytes) {
    jpeg_write_marker(&codec, marker, reinterpret_cast<const JOCTET*>(bytes.data()), static_cast<unsigned>(bytes.size()));
  };
  if (!style.exif.empty()) segment(JPEG_APP0 + 1, style.exif);
  if (!style.profile.empty()) {
    jpeg_write_icc_profile(&codec, reinterpret_cast<const JOCTET*>(style.profile.data()),
                           static_cast<unsigned>(style.profile.size()));
  }
  std::vector<std::uint8_t> row(picture.stride());
  for (int y = 0; y < picture.height(); ++y) {
    const bool inverted = picture.pixel() == Pixel::cmyk;
    std::transform(picture.row(y), picture.row(y) + row.size(), row.begin(),
                   [&](std::uint8_t sample) { return static_cast<std::uint8_t>(inverted ? 255 - sample : sample); });
    JSAMPROW start = row.data();
    jpeg_write_scanlines(&codec, &start, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  Bytes file(bytes, bytes + length);
  std::free(data);
  return file;
}

Bytes png(int width, int height, const PngStyle& style, std::span<const int> samples) {
  png_structp codec = png_create_write_struct(
      PNG_LIBPNG_VER_STRING, nullptr, [](png_structp, png_const_charp text) { throw std::runtime_error(text); }, nullptr);
  png_infop info = png_create_info_struct(codec);
  Bytes file;
  const auto keep = [](png_structp to, png_bytep bytes, std::size_t length) {
    auto& kept = *static_cast<Bytes*>(png_get_io_ptr(to));
    const auto* from = reinterpret_cast<const std::byte*>(bytes);
    kept.insert(kept.end(), from, from + length);
  };
  png_set_write_fn(codec, &file, keep, nullptr);
  png_set_IHDR(codec, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), style.depth, style.colour_type,
               style.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  set_palette(codec, info, style);
  set_transparent(codec, info, style);
  if (!style.profile.empty()) {
    png_set_iCCP(codec, info, "drawn", PNG_COMPRESSION_TYPE_BASE, reinterpret_cast<png_const_bytep>(style.profile.data()),
                 static_cast<png_uint_32>(style.profile.size()));
  }
  std::vector<png_byte> block(style.exif.size());
  if (!block.empty()) {
    std::memcpy(block.data(), style.exif.data(), block.size());
    png_set_eXIf_1(codec, info, static_cast<png_uint_32>(block.size()), block.data());
  }
  png_write_info(codec, info);
  const std::size_t row_samples = samples.size() / static_cast<std::size_t>(height);
  const int passes = style.interlaced ? png_set_interlace_handling(codec) : 1;
  for (int pass = 0; pass < passes; ++pass) {
    for (int y = 0; y < height; ++y) {
      const std::vector<png_byte> row =
          packed(samples.subspan(static_cast<std::size_t>(y) * row_samples, row_samples), style.depth);
      png_write_row(codec, row.data());
    }
  }
  png_write_end(codec, info);
  png_destroy_write_struct(&codec, &info);
  return file;
}

Bytes png(const Bitmap& picture, bool interlaced) {
  static constexpr std::array colour_types{0, 4, 2, 6};
  PngStyle style;
  style.colour_type = colour_types.at(static_cast<std::size_t>(channels(picture.pixel())) - 1);
  style.interlaced = interlaced;
  const std::uint8_t* first = picture.row(0);
  const std::vector<int> samples(first, first + picture.stride() * static_cast<std::size_t>(picture.height()));
  return png(picture.width(), picture.height(), style, samples);
}

Bytes exif(int orientation, bool big_endian) {
  Bytes block;
  append(block, big_endian ? "MM" : "II");
  const auto add = [&](int value, int bytes) { append_number(block, static_cast<std::uint32_t>(value), bytes, big_endian); };
  add(42, 2);
  add(8, 4);  // where the directory is
  add(2, 2);  // its entries: width, then orientation
  add(256, 2), add(4, 2), add(1, 4), add(77, 4);
  add(274, 2), add(3, 2), add(1, 4), add(orientation, 2), add(0, 2);
  add(0, 4);  // no other directory
  return block;
}

Bytes exif_segment(int orientation, bool big_endian) {
  Bytes segment;
  append(segment, {"Exif\0\0", 6});
  const Bytes block = exif(orientation, big_endian);
  segment.insert(segment.end(), block.begin(), block.end());
  return segment;
}

Bitmap decode(std::span<const std::byte> file) {
  return file[0] == std::byte{0xFF} ? decode_jpeg(file) : decode_png(file);
}

std::size_t find_marker(std::span<const std::byte> jpeg, int marker) {
  std::size_t at = 2;
  while (number(jpeg, at, 2) != (0xFF00U | static_cast<unsigned>(marker))) at += 2 + number(jpeg, at + 2, 2);
  return at;
}

std::size_t find_chunk(std::span<const std::byte> png, std::string_view name) {
  std::size_t at = 8;
  while (std::memcmp(png.data() + at + 4, name.data(), 4) != 0) at += chunk_overhead + number(png, at, 4);
  return at;
}

void seal_chunk(Bytes& png, std::size_t chunk) {
  const std::uint32_t length = number(png, chunk, 4);
  const auto* data = reinterpret_cast<const Bytef*>(png.data() + chunk + 4);
  Bytes sum;
  append_number(sum, static_cast<std::uint32_t>(crc32(0, data, length + 4)), 4);
  std::copy(sum.begin(), sum.end(), png.begin() + static_cast<std::ptrdiff_t>(chunk + 8 + length));
}

Bytes chunk(std::string_view name, std::span<const std::byte> data) {
  Bytes made;
  append_number(made, static_cast<std::uint32_t>(data.size()), 4);
  append(made, name);
  made.insert(made.end(), data.begin(), data.end());
  append_number(made, 0, 4);
  seal_chunk(made, 0);
  return made;
}

}  // namespace thumbline::drawn
