#include "resizer/image/png_writer.h"

#include <new>
#include <string>

namespace thumbline {
namespace {

int colour_type(Pixel pixel) {
  switch (pixel) {
    case Pixel::grey: return PNG_COLOR_TYPE_GRAY;
    case Pixel::grey_alpha: return PNG_COLOR_TYPE_GRAY_ALPHA;
    case Pixel::rgba: return PNG_COLOR_TYPE_RGB_ALPHA;
    default: return PNG_COLOR_TYPE_RGB;
  }
}

void compress(png_structp codec, png_infop info, const Bitmap& picture) {
  png_set_IHDR(codec, info, static_cast<png_uint_32>(picture.width()), static_cast<png_uint_32>(picture.height()), 8,
               colour_type(picture.pixel()), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(codec, info);
  for (int y = 0; y < picture.height(); ++y) png_write_row(codec, picture.row(y));
  png_write_end(codec, info);
}

}  // namespace

Result<std::vector<std::byte>> PngWriter::write(const Bitmap& picture) {
  file_.clear();
  png_structp codec = png_create_write_struct(PNG_LIBPNG_VER_STRING, &fence_, PngFence::give_up, PngFence::ignore);
  png_infop info = codec == nullptr ? nullptr : png_create_info_struct(codec);
  if (info == nullptr) throw std::bad_alloc();
  png_set_write_fn(codec, this, keep, [](png_structp) {});
  const bool written = fence_.run([&] { compress(codec, info, picture); });
  png_destroy_write_struct(&codec, &info);
  if (!written) return failed(Reason::decode_limit, std::string("the PNG encoder says: ") + fence_.text());
  return file_;
}

void PngWriter::keep(png_structp codec, png_bytep bytes, std::size_t length) {
  auto& file = static_cast<PngWriter*>(png_get_io_ptr(codec))->file_;
  const auto* from = reinterpret_cast<const std::byte*>(bytes);
  bool kept = true;
  try {
    file.insert(file.end(), from, from + length);
  } catch (const std::bad_alloc&) {
    kept = false;
  }
  if (!kept) png_error(codec, "out of memory");
}

}  // namespace thumbline
