#include "scripts/gallery/draw/scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace thumbline::gallery {
namespace {

/// sRGB, each part from 0 to 255.
struct Colour {
  float red = 0, green = 0, blue = 0;
};

using Palette = std::array<Colour, 4>;  // from dark to light

constexpr std::array<Palette, 8> palettes{{
    {{{26, 29, 58}, {113, 62, 100}, {231, 130, 108}, {255, 223, 168}}},  // dusk
    {{{7, 32, 63}, {28, 98, 140}, {122, 182, 210}, {240, 246, 236}}},    // day
    {{{21, 38, 26}, {63, 104, 61}, {145, 170, 98}, {239, 240, 190}}},    // wood
    {{{58, 28, 26}, {156, 79, 35}, {229, 166, 98}, {250, 235, 210}}},    // desert
    {{{29, 34, 42}, {86, 102, 116}, {165, 174, 183}, {244, 245, 243}}},  // slate
    {{{36, 13, 46}, {150, 48, 68}, {226, 108, 72}, {252, 221, 166}}},    // embers
    {{{23, 35, 63}, {78, 106, 170}, {175, 160, 208}, {248, 236, 232}}},  // lilac
    {{{27, 16, 48}, {46, 90, 152}, {82, 180, 178}, {233, 248, 200}}},    // northern lights
}};

Colour mix(Colour a, Colour b, float share) {
  return {a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share, a.blue + (b.blue - a.blue) * share};
}

/// The colour at `where` between the darkest (0) and the lightest (1).
Colour pick(const Palette& palette, float where) {
  const float place = std::clamp(where, 0.0F, 1.0F) * 3;
  const std::size_t low = std::min(static_cast<std::size_t>(place), std::size_t{2});
  return mix(palette[low], palette[low + 1], place - static_cast<float>(low));
}

/// 0 up to `low`, 1 from `high`, smooth between.
float smooth(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

/// Irregular values from about -1 to 1 that repeat every `side` in both directions: waves of many directions, the shorter the
/// lower.
class Tile {
 public:
  Tile() {
    Chance chance(1);
    for (int i = 0; i < 48; ++i) {
      const float length = std::pow(1.09F, static_cast<float>(i));  // 1 to 57 waves on a side
      const float angle = chance.between(0, turn);
      const float across = std::round(length * std::cos(angle));
      const float down = std::round(length * std::sin(angle));
      const float phase = chance.between(0, turn);
      for (std::size_t at = 0; at < values_.size(); ++at) {
        const auto x = static_cast<float>(at % side);
        const auto y = static_cast<float>(at / side);  // NOLINT: whole rows
        values_[at] += .35F / length * std::sin((x * across + y * down) * turn / side + phase);
      }
    }
  }

  /// x and y from 0 on.
  [[nodiscard]] float at(float x, float y) const {
    const auto left = static_cast<unsigned>(x);
    const auto top = static_cast<unsigned>(y);
    const auto value = [&](unsigned column, unsigned row) { return values_[row % side * side + column % side]; };
    const float right_share = x - static_cast<float>(left);
    const float above = value(left, top) + (value(left + 1, top) - value(left, top)) * right_share;
    const float below = value(left, top + 1) + (value(left + 1, top + 1) - value(left, top + 1)) * right_share;
    return above + (below - above) * (y - static_cast<float>(top));
  }

  static constexpr std::size_t side = 256;

 private:
  static constexpr float turn = 6.2831853F;

  std::array<float, side * side> values_{};
};

/// A part of the tile of its own.
class Waves {
 public:
  /// `length`: of the longest wave.
  Waves(Chance& chance, float length)
      : per_unit_(Tile::side / length), x_(chance.between(0, Tile::side)), y_(chance.between(0, Tile::side)) {}

  [[nodiscard]] float at(float x, float y) const {
    static const auto tile = std::make_unique<const Tile>();
    return tile->at(x_ + x * per_unit_, y_ + y * per_unit_);
  }

 private:
  float per_unit_, x_, y_;
};

/// What all scenes have: coordinates from 0 to 1 of the shorter side, a palette, and a sun.
class Scene {
 public:
  Scene(Size size, Chance& chance)
      : palette_(palettes[static_cast<std::size_t>(chance.whole(0, palettes.size() - 1))]),
        width_(static_cast<float>(size.width) / static_cast<float>(std::min(size.width, size.height))),
        height_(static_cast<float>(size.height) / static_cast<float>(std::min(size.width, size.height))),
        sun_x_(chance.between(.15F, .85F) * width_),
        sun_y_(chance.between(.1F, .35F) * height_),
        sun_radius_(chance.between(.03F, .08F)),
        clouds_(chance, chance.between(.5F, 1)),
        ground_(chance, chance.between(.06F, .12F)),
        shape_(chance, chance.between(.7F, 1.5F)) {}

  /// Four ridges, the nearest the darkest, in haze.
  [[nodiscard]] Colour hills(float x, float y) const {
    for (int ridge = 4; ridge >= 1; --ridge) {
      const float near = static_cast<float>(ridge) / 4;
      const float deep = y - (.35F + .45F * near) * height_ + .12F * shape_.at(x, near * 9);
      if (deep < 0) continue;
      const Colour rock = pick(palette_, .55F * (1 - near) + .06F * near * ground_.at(x, y));
      return mix(rock, palette_[2], .5F * smooth(0, .35F, deep));
    }
    return sky(x, y);
  }

  /// Flat waves under a sky, and the sun's path on them.
  [[nodiscard]] Colour sea(float x, float y) const {
    const float horizon = height_ * .5F;
    if (y < horizon) return sky(x, y);
    const float near = (y - horizon) / (height_ - horizon);
    const float swell = ground_.at(x * (.15F + .3F * (1 - near)), std::sqrt(near) * height_);
    const float off = (x - sun_x_) / (sun_radius_ * (1 + 5 * near));
    const Colour water = pick(palette_, .5F - .4F * near + .2F * swell);
    return mix(water, palette_[3], smooth(0, .8F, swell) * std::exp(-off * off));
  }

  /// Bands of clouds, as on a large planet.
  [[nodiscard]] Colour bands(float x, float y) const {
    const float cloud = clouds_.at(x, y);
    return pick(palette_, .5F + .35F * std::sin(4 * (y + .5F * cloud)) + .2F * cloud + .08F * ground_.at(x, y));
  }

 private:
  [[nodiscard]] Colour sky(float x, float y) const {
    const float cloud = .3F * smooth(.1F, 1, clouds_.at(x * .5F, y * 1.5F));
    const float away = std::sqrt((x - sun_x_) * (x - sun_x_) + (y - sun_y_) * (y - sun_y_)) / sun_radius_;
    const float light = away < 1 ? 1 : .6F / (1 + (away - 1) * (away - 1) / 9);
    return mix(pick(palette_, .35F + .5F * y / height_ + cloud), {255, 250, 235}, light);
  }

  Palette palette_;
  float width_, height_;
  float sun_x_, sun_y_, sun_radius_;
  Waves clouds_, ground_, shape_;
};

std::uint8_t byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
}

/// How far the middle of pixel `i` of `count` is from the middle, -1 to 1.
float from_middle(int i, int count) {
  return static_cast<float>(2 * i + 1) / static_cast<float>(count) - 1;
}

}  // namespace

Pixels draw_scene(Size size, Chance& chance) {
  using Paint = Colour (Scene::*)(float, float) const;
  static constexpr std::array<Paint, 3> paints{&Scene::hills, &Scene::sea, &Scene::bands};
  const Paint paint = paints[static_cast<std::size_t>(chance.whole(0, paints.size() - 1))];
  const Scene scene(size, chance);
  const float grain = chance.between(1, 8);
  const auto shorter = static_cast<float>(std::min(size.width, size.height));
  Pixels pixels(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const Colour colour = (scene.*paint)(static_cast<float>(x) / shorter, static_cast<float>(y) / shorter);
      const float noise = grain * (chance.unit() + chance.unit() - 1);
      std::uint8_t* out = pixels.at(x, y);
      out[0] = byte(colour.red + noise);
      out[1] = byte(colour.green + noise);
      out[2] = byte(colour.blue + noise);
      out[3] = 255;
    }
  }
  return pixels;
}

void cut_out(Pixels& pixels) {
  for (int y = 0; y < pixels.size.height; ++y) {
    const float v = from_middle(y, pixels.size.height);
    for (int x = 0; x < pixels.size.width; ++x) {
      const float u = from_middle(x, pixels.size.width);
      pixels.at(x, y)[3] = byte(255 * (1 - smooth(.6F, 1, u * u * u * u + v * v * v * v)));
    }
  }
}

void mark_this_way_up(Pixels& pixels) {
  const int side =
      std::min({std::max(10, std::min(pixels.size.width, pixels.size.height) / 5), pixels.size.width, pixels.size.height});
  for (int y = 0; y < side; ++y) {
    const float v = from_middle(y, side);
    for (int x = 0; x < side; ++x) {
      const float off = std::abs(from_middle(x, side));
      const bool arrow = v < 0 ? off < v + .7F : v < .7F && off < .2F;
      std::fill_n(pixels.at(x, y), 3, arrow ? 30 : 245);
    }
  }
}

}  // namespace thumbline::gallery
