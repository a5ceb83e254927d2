#include "scripts/gallery/draw/canvas.h"

namespace thumbline::gallery {
namespace {

std::uint8_t byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
}

/// About normal, deviation 1: eight grains come from two draws.
class Grain {
 public:
  explicit Grain(Chance& chance) : chance_(chance) {}

  float next() {
    if (left_ == 0) {
      first_ = chance_.bits();
      second_ = chance_.bits();
      left_ = 8;
    }
    --left_;
    const auto sum = (first_ & 0xFFU) + (second_ & 0xFFU);
    first_ >>= 8U;
    second_ >>= 8U;
    return (static_cast<float>(sum) - 255.0F) * (1.0F / 104.5F);
  }

 private:
  Chance& chance_;
  std::uint64_t first_ = 0, second_ = 0;
  int left_ = 0;
};

}  // namespace

Pixels develop(Canvas& canvas, float grain, Chance& chance) {
  Pixels pixels{{canvas.width(), canvas.height()}, {}};
  pixels.rgba.resize(static_cast<std::size_t>(canvas.width()) * static_cast<std::size_t>(canvas.height()) * 4);
  Grain grains(chance);
  std::uint8_t* out = pixels.rgba.data();
  for (int y = 0; y < canvas.height(); ++y) {
    const Colour* in = canvas.row(y);
    for (int x = 0; x < canvas.width(); ++x, ++in, out += 4) {
      const float noise = 0.5F + (grain > 0 ? grains.next() * grain : 0.0F);
      out[0] = byte(in->red * 255 + noise);
      out[1] = byte(in->green * 255 + noise);
      out[2] = byte(in->blue * 255 + noise);
      out[3] = 255;
    }
  }
  return pixels;
}

}  // namespace thumbline::gallery
