#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "scripts/gallery/draw/colour.h"

namespace thumbline::gallery {

struct Size {
  int width = 0, height = 0;
};

/// What a scene is drawn on; (0, 0) is the upper left.
class Canvas {
 public:
  explicit Canvas(Size size)
      : size_(size), colours_(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height)) {}

  [[nodiscard]] int width() const { return size_.width; }
  [[nodiscard]] int height() const { return size_.height; }
  [[nodiscard]] float shorter() const { return static_cast<float>(std::min(size_.width, size_.height)); }
  [[nodiscard]] float longer() const { return static_cast<float>(std::max(size_.width, size_.height)); }

  Colour* row(int y) { return colours_.data() + static_cast<std::ptrdiff_t>(y) * size_.width; }
  Colour& at(int x, int y) { return row(y)[x]; }

  /// Calls paint(x, y, Colour&) for the pixels of the rectangle around (x, y) that lie in the picture.
  template <class Paint>
  void around(float x, float y, float reach, Paint paint) {
    const auto from = [reach](float middle) { return std::max(0, static_cast<int>(middle - reach)); };
    const auto to = [reach](float middle, int end) { return std::min(end, static_cast<int>(middle + reach) + 2); };
    for (int py = from(y); py < to(y, size_.height); ++py) {
      for (int px = from(x); px < to(x, size_.width); ++px) {
        paint(static_cast<float>(px), static_cast<float>(py), at(px, py));
      }
    }
  }

  /// Calls paint(x, y, Colour&) for each pixel.
  template <class Paint>
  void everywhere(Paint paint) {
    for (int y = 0; y < size_.height; ++y) {
      for (int x = 0; x < size_.width; ++x) {
        paint(static_cast<float>(x), static_cast<float>(y), at(x, y));
      }
    }
  }

  /// Calls paint(x, y, deep, Colour&) for the pixels from `above` pixels over a line (its y for each x) down to where the line
  /// in front of it will cover them, or to the bottom; `deep` is how far below the line a pixel lies.
  template <class Paint>
  void below(const std::vector<float>& line, float above, const std::vector<float>* in_front, Paint paint) {
    const int top = static_cast<int>(*std::min_element(line.begin(), line.end()) - above);
    for (int y = std::max(0, top); y < size_.height; ++y) {
      const auto py = static_cast<float>(y);
      for (int x = 0; x < size_.width; ++x) {
        const float deep = py - line[static_cast<std::size_t>(x)];
        if (deep > -above && (in_front == nullptr || py <= (*in_front)[static_cast<std::size_t>(x)] + 1)) {
          paint(static_cast<float>(x), py, deep, at(x, y));
        }
      }
    }
  }

 private:
  Size size_;
  std::vector<Colour> colours_;
};

/// A finished picture: red, green, blue and alpha (not premultiplied), 8 bits each, row by row without gaps.
struct Pixels {
  Size size;
  std::vector<std::uint8_t> rgba;

  [[nodiscard]] const std::uint8_t* at(int x, int y) const {
    return rgba.data() + (static_cast<std::ptrdiff_t>(y) * size.width + x) * 4;
  }
};

/// The canvas as opaque pixels, with the grain of a film on it: `grain` is its strength in steps of 8 bits.
Pixels develop(Canvas& canvas, float grain, Chance& chance);

}  // namespace thumbline::gallery
