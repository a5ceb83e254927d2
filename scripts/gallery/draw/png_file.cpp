#include "scripts/gallery/draw/png_file.h"

#include <png.h>

#include <array>
#include <csetjmp>
#include <stdexcept>
#include <string>

namespace thumbline::gallery {
namespace {

// The palette: a clear colour, three that show half of what is behind, and a cube of 6 × 7 × 6 opaque ones.
constexpr int reds = 6, greens = 7, blues = 6, see_through = 4;
constexpr std::array<std::uint8_t, see_through> palette_alpha{0, 64, 128, 192};

using Bytes = std::vector<std::uint8_t>;

std::uint8_t level(int index, int count) {
  return static_cast<std::uint8_t>(index * 255 / (count - 1));
}

std::array<png_color, 256> cube(const Pixels& pixels) {
  std::array<std::uint64_t, 3> sum{};
  for (std::size_t i = 0; i < pixels.rgba.size(); ++i) {
    if (i % 4 < 3) {
      sum[i % 4] += pixels.rgba[i];
    }
  }
  const auto mean = [&](std::size_t part) { return static_cast<std::uint8_t>(sum[part] * 4 / pixels.rgba.size()); };
  std::array<png_color, 256> colours{};
  for (int i = 0; i < see_through; ++i) {
    colours[static_cast<std::size_t>(i)] = {mean(0), mean(1), mean(2)};
  }
  for (int i = 0; i < reds * greens * blues; ++i) {
    colours[std::size_t{see_through} + static_cast<std::size_t>(i)] = {
        level(i / (greens * blues), reds), level(i / blues % greens, greens), level(i % blues, blues)};
  }
  return colours;
}

/// The colour of the palette for a pixel; the steps between colours are hidden by an ordered pattern (Bayer, 1973).
std::uint8_t palette_index(const std::uint8_t* p, int x, int y) {
  static constexpr std::array<int, 16> pattern{0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5};
  if (p[3] < 224) {
    return static_cast<std::uint8_t>((p[3] + 32) / 64);
  }
  const int threshold = pattern[static_cast<std::size_t>(y & 3) * 4 + static_cast<std::size_t>(x & 3)] * 255 / 16;
  const auto step = [&](std::uint8_t value, int count) { return (value * (count - 1) + threshold) / 255; };
  return static_cast<std::uint8_t>(see_through + (step(p[0], reds) * greens + step(p[1], greens)) * blues + step(p[2], blues));
}

std::uint8_t grey(const std::uint8_t* p) {
  return static_cast<std::uint8_t>((p[0] * 299 + p[1] * 587 + p[2] * 114 + 500) / 1000);
}

/// Appends one pixel as a file of this kind holds it.
void append(Bytes& out, const std::uint8_t* p, int x, int y, PngKind kind) {
  switch (kind) {
    case PngKind::rgb: out.insert(out.end(), p, p + 3); break;
    case PngKind::rgba: out.insert(out.end(), p, p + 4); break;
    case PngKind::palette: out.push_back(palette_index(p, x, y)); break;
    case PngKind::grey: out.push_back(grey(p)); break;
    case PngKind::grey_alpha: out.insert(out.end(), {grey(p), p[3]}); break;
    case PngKind::rgb16:
    case PngKind::rgba16:
      // v × 257 is the same shade in 16 bits: both bytes are v. The lower one is changed a little, as a real one would differ.
      for (int part = 0; part < (kind == PngKind::rgb16 ? 3 : 4); ++part) {
        const auto low = static_cast<std::uint8_t>(part < 3 ? p[part] ^ 0x15 : p[part]);
        out.insert(out.end(), {p[part], low});
      }
      break;
  }
}

int colour_type(PngKind kind) {
  switch (kind) {
    case PngKind::rgb:
    case PngKind::rgb16: return PNG_COLOR_TYPE_RGB;
    case PngKind::rgba:
    case PngKind::rgba16: return PNG_COLOR_TYPE_RGB_ALPHA;
    case PngKind::palette: return PNG_COLOR_TYPE_PALETTE;
    case PngKind::grey: return PNG_COLOR_TYPE_GRAY;
    case PngKind::grey_alpha: return PNG_COLOR_TYPE_GRAY_ALPHA;
  }
  return PNG_COLOR_TYPE_RGB;
}

void put(png_structp png, png_bytep data, size_t size) {
  auto* out = static_cast<Bytes*>(png_get_io_ptr(png));
  out->insert(out->end(), data, data + size);
}

[[noreturn]] void give_up(png_structp png, png_const_charp text) {
  *static_cast<std::string*>(png_get_error_ptr(png)) = text;
  png_longjmp(png, 1);
}

void write_header(png_structp png, png_infop info, const Pixels& pixels, const PngLook& look) {
  const bool deep = look.kind == PngKind::rgb16 || look.kind == PngKind::rgba16;
  png_set_IHDR(png, info, static_cast<png_uint_32>(pixels.size.width), static_cast<png_uint_32>(pixels.size.height),
               deep ? 16 : 8, colour_type(look.kind), look.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (look.kind == PngKind::palette) {
    const auto colours = cube(pixels);
    png_set_PLTE(png, info, colours.data(), static_cast<int>(colours.size()));
    png_set_tRNS(png, info, palette_alpha.data(), see_through, nullptr);
  }
  png_set_compression_level(png, 1);  // drawing must be quick; one filter, since to try them all costs more than it saves
  png_set_filter(png, PNG_FILTER_TYPE_BASE, look.kind == PngKind::palette ? PNG_FILTER_NONE : PNG_FILTER_UP);
  png_write_info(png, info);
}

}  // namespace

Bytes png_file(const Pixels& pixels, const PngLook& look) {
  Bytes samples;
  samples.reserve(pixels.rgba.size());
  for (int y = 0; y < pixels.size.height; ++y) {
    for (int x = 0; x < pixels.size.width; ++x) {
      append(samples, pixels.at(x, y), x, y, look.kind);
    }
  }
  const std::size_t stride = samples.size() / static_cast<std::size_t>(pixels.size.height);
  std::vector<png_bytep> rows;
  for (std::size_t start = 0; start < samples.size(); start += stride) {
    rows.push_back(samples.data() + start);
  }
  Bytes file;
  std::string error;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &error, give_up, nullptr);
  png_infop info = png_create_info_struct(png);
  if (setjmp(png_jmpbuf(png)) != 0) {  // NOLINT: libpng's way of giving up
    png_destroy_write_struct(&png, &info);
    throw std::runtime_error(error);
  }
  png_set_write_fn(png, &file, put, nullptr);
  write_header(png, info, pixels, look);
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return file;
}

}  // namespace thumbline::gallery
