#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace thumbline {

/// Pixel layout: interleaved 8-bit samples, alpha last and not premultiplied.
enum class Pixel : std::uint8_t {
  grey,
  grey_alpha,
  rgb,
  rgba,
  cmyk,  ///< 255 = full ink
};

constexpr int channels(Pixel pixel) {
  switch (pixel) {
    case Pixel::grey: return 1;
    case Pixel::grey_alpha: return 2;
    case Pixel::rgb: return 3;
    case Pixel::rgba:
    case Pixel::cmyk: return 4;
  }
  return 0;
}

constexpr bool has_alpha(Pixel pixel) {
  return pixel == Pixel::grey_alpha || pixel == Pixel::rgba;
}

/// A picture in memory.
class Bitmap {
 public:
  Bitmap() = default;
  Bitmap(int width, int height, Pixel pixel) { reset(width, height, pixel); }

  /// Changes size and layout. Samples are unspecified. Reuses memory.
  void reset(int width, int height, Pixel pixel) {
    width_ = width;
    height_ = height;
    pixel_ = pixel;
    samples_.resize(static_cast<std::size_t>(height) * stride());
  }

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] Pixel pixel() const { return pixel_; }
  [[nodiscard]] std::size_t stride() const {
    return static_cast<std::size_t>(width_) * static_cast<std::size_t>(channels(pixel_));
  }
  [[nodiscard]] std::size_t pixel_count() const { return static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_); }

  [[nodiscard]] std::uint8_t* row(int y) { return samples_.data() + static_cast<std::size_t>(y) * stride(); }
  [[nodiscard]] const std::uint8_t* row(int y) const { return samples_.data() + static_cast<std::size_t>(y) * stride(); }
  [[nodiscard]] std::uint8_t* at(int x, int y) { return row(y) + x * channels(pixel_); }
  [[nodiscard]] const std::uint8_t* at(int x, int y) const { return row(y) + x * channels(pixel_); }

 private:
  int width_ = 0;
  int height_ = 0;
  Pixel pixel_ = Pixel::grey;
  std::vector<std::uint8_t> samples_;
};

}  // namespace thumbline
