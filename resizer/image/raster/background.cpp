#include "resizer/image/raster/background.h"

#include <array>
#include <cstring>
#include <utility>

namespace thumbline {
namespace {

using Sample = std::array<std::uint8_t, 4>;

bool is_grey(const Background& colour) {
  return colour.red == colour.green && colour.green == colour.blue;
}
bool is_grey(Pixel pixel) {
  return pixel == Pixel::grey || pixel == Pixel::grey_alpha;
}

/// The RGB layout for a pixel, with alpha if it has alpha.
Pixel coloured(Pixel pixel) {
  if (!is_grey(pixel)) return pixel;
  return has_alpha(pixel) ? Pixel::rgba : Pixel::rgb;
}

/// One pixel's samples converted to the layout `to`: grey may become RGB.
Sample as(Pixel to, const std::uint8_t* from, Pixel pixel) {
  Sample sample{};
  if (is_grey(pixel) && !is_grey(to)) {
    sample = {from[0], from[0], from[0], has_alpha(pixel) ? from[1] : std::uint8_t{255}};
  } else {
    std::memcpy(sample.data(), from, static_cast<std::size_t>(channels(pixel)));
  }
  return sample;
}

Sample opaque(const Background& colour, Pixel pixel) {
  if (is_grey(pixel)) return {colour.red, 255, 0, 0};
  return {colour.red, colour.green, colour.blue, 255};
}

}  // namespace

void flatten(const Background& background, Bitmap& picture) {
  if (!has_alpha(picture.pixel())) return;
  const Pixel from = is_grey(background) ? picture.pixel() : coloured(picture.pixel());
  const Pixel to = is_grey(from) ? Pixel::grey : Pixel::rgb;
  const Sample under = opaque(background, to);
  const auto colours = static_cast<std::size_t>(channels(to));
  Bitmap laid(picture.width(), picture.height(), to);
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      const Sample over = as(from, picture.at(x, y), picture.pixel());
      const int alpha = over[colours];
      std::uint8_t* out = laid.at(x, y);
      for (std::size_t c = 0; c < colours; ++c) {
        out[c] = static_cast<std::uint8_t>((over[c] * alpha + under[c] * (255 - alpha) + 127) / 255);
      }
    }
  }
  picture = std::move(laid);
}

Bitmap pad(const Bitmap& picture, Size canvas, const Background& background) {
  const Pixel pixel = is_grey(background) ? picture.pixel() : coloured(picture.pixel());
  const Sample border = opaque(background, pixel);
  const auto size = static_cast<std::size_t>(channels(pixel));
  const int left = (canvas.width - picture.width()) / 2;
  const int top = (canvas.height - picture.height()) / 2;
  Bitmap result(canvas.width, canvas.height, pixel);
  for (int y = 0; y < canvas.height; ++y) {
    const bool row_inside = y >= top && y < top + picture.height();
    for (int x = 0; x < canvas.width; ++x) {
      const bool inside = row_inside && x >= left && x < left + picture.width();
      const Sample sample = inside ? as(pixel, picture.at(x - left, y - top), picture.pixel()) : border;
      std::memcpy(result.at(x, y), sample.data(), size);
    }
  }
  return result;
}

}  // namespace thumbline
