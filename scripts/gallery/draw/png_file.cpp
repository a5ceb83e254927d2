#include <png.h>

#include <csetjmp>
#include <stdexcept>
#include <string>

#include "scripts/gallery/draw/file.h"

namespace thumbline::gallery {
namespace {

void put(png_structp png, png_bytep data, size_t size) {
  auto* out = static_cast<std::vector<std::uint8_t>*>(png_get_io_ptr(png));
  out->insert(out->end(), data, data + size);
}

[[noreturn]] void give_up(png_structp png, png_const_charp text) {
  *static_cast<std::string*>(png_get_error_ptr(png)) = text;
  png_longjmp(png, 1);
}

}  // namespace

std::vector<std::uint8_t> png_file(const Pixels& pixels, const PngLook& look) {
  const auto [width, height] = pixels.size;
  std::vector<std::uint8_t> data = samples(pixels, look.grey, look.alpha);
  std::vector<png_bytep> rows(static_cast<std::size_t>(height));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = data.data() + i * (data.size() / rows.size());
  std::vector<std::uint8_t> file;
  std::string error;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &error, give_up, nullptr);
  png_infop info = png_create_info_struct(png);
  if (setjmp(png_jmpbuf(png)) != 0) {  // NOLINT: libpng's way of giving up
    png_destroy_write_struct(&png, &info);
    throw std::runtime_error(error);
  }
  png_set_write_fn(png, &file, put, nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8,
               (look.grey ? 0 : PNG_COLOR_MASK_COLOR) | (look.alpha ? PNG_COLOR_MASK_ALPHA : 0),
               look.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 1);  // fast, as is a single filter
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
  png_write_info(png, info);
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return file;
}

}  // namespace thumbline::gallery
