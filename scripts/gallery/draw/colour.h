#pragma once
#include <algorithm>
#include <array>

#include "scripts/gallery/draw/chance.h"

namespace thumbline::gallery {

/// A colour of sRGB, each part from 0 to 1 (beyond is cut off when the picture is finished).
struct Colour {
  float red = 0, green = 0, blue = 0;

  friend Colour operator+(Colour a, Colour b) { return {a.red + b.red, a.green + b.green, a.blue + b.blue}; }
  friend Colour operator*(Colour a, float by) { return {a.red * by, a.green * by, a.blue * by}; }
};

/// `a` where `share` is 0, `b` where it is 1.
inline Colour mix(Colour a, Colour b, float share) {
  return {a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share, a.blue + (b.blue - a.blue) * share};
}

/// 0 up to `low`, 1 from `high`, smooth between.
inline float smooth(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

/// Five colours that go together, from dark to light.
struct Palette {
  std::array<Colour, 5> colours;

  /// The colour at `where` between the darkest (0) and the lightest (1).
  [[nodiscard]] Colour at(float where) const {
    const float place = std::clamp(where, 0.0F, 1.0F) * 4;
    const std::size_t low = std::min(static_cast<std::size_t>(place), std::size_t{3});
    return mix(colours[low], colours[low + 1], place - static_cast<float>(low));
  }
};

/// One of the palettes, each part of it moved a little.
Palette pick_palette(Chance& chance);

}  // namespace thumbline::gallery
