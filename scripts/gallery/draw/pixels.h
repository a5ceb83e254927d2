#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace thumbline::gallery {

struct Size {
  int width = 0, height = 0;
};

/// Red, green, blue and alpha (not premultiplied), 8 bits each, row by row without gaps.
struct Pixels {
  explicit Pixels(Size of) : size(of), rgba(static_cast<std::size_t>(of.width) * static_cast<std::size_t>(of.height) * 4) {}

  Size size;
  std::vector<std::uint8_t> rgba;

  std::uint8_t* at(int x, int y) { return rgba.data() + (static_cast<std::ptrdiff_t>(y) * size.width + x) * 4; }
  [[nodiscard]] const std::uint8_t* at(int x, int y) const {
    return rgba.data() + (static_cast<std::ptrdiff_t>(y) * size.width + x) * 4;
  }
};

/// What a file stores of the pixels: red, green and blue, or their luma (ITU-R BT.601) where `grey`, and alpha where `alpha`.
inline std::vector<std::uint8_t> samples(const Pixels& pixels, bool grey, bool alpha) {
  std::vector<std::uint8_t> out;
  out.reserve(pixels.rgba.size());
  for (std::size_t i = 0; i < pixels.rgba.size(); i += 4) {
    const std::uint8_t* p = pixels.rgba.data() + i;
    if (grey) {
      out.push_back(static_cast<std::uint8_t>((p[0] * 299 + p[1] * 587 + p[2] * 114 + 500) / 1000));
    } else {
      out.insert(out.end(), p, p + 3);
    }
    if (alpha) out.push_back(p[3]);
  }
  return out;
}

}  // namespace thumbline::gallery
