#include <array>
#include <cmath>
#include <vector>

#include "scripts/gallery/draw/field.h"
#include "scripts/gallery/draw/scene.h"

namespace thumbline::gallery {
namespace {

struct Sun {
  float x, y, radius;

  /// How much of the sun's light there is at a place: 1 in the disc, fading with the distance from it.
  [[nodiscard]] float light(float px, float py) const {
    const float dx = px - x;
    const float dy = py - y;
    const float away = std::sqrt(dx * dx + dy * dy) - radius;
    if (away <= -0.5F) {
      return 1;
    }
    const float glow = 0.55F / (1 + away * away / (radius * radius * 9));
    return away < 0.5F ? glow + (1 - glow) * (0.5F - away) : glow;
  }
};

/// Sky down to row `horizon`, lighter below than above, with thin clouds.
void draw_sky(Canvas& canvas, const Palette& palette, Chance& chance, int horizon, const Sun& sun) {
  const float top = chance.between(.1F, .55F);
  const float low = chance.between(.75F, .95F);
  const Field clouds(chance, canvas.width() / 3 + 1, canvas.height(), canvas.shorter() * 0.3F, 5, 1);
  const Colour sunlight = mix(palette.colours[4], {1, 1, .95F}, .6F);
  for (int y = 0; y < horizon; ++y) {
    const float down = static_cast<float>(y) / static_cast<float>(horizon);
    const Colour air = palette.at(top + (low - top) * smooth(0, 1, down));
    for (int x = 0; x < canvas.width(); ++x) {
      const auto px = static_cast<float>(x);
      const auto py = static_cast<float>(y);
      const float cloud = smooth(.5F, .8F, clouds.at(px / 3, py)) * .5F;
      canvas.at(x, y) = mix(mix(air, palette.colours[4], cloud), sunlight, sun.light(px, py));
    }
  }
}

Sun place_sun(const Canvas& canvas, Chance& chance, float low, float high) {
  return {chance.between(.15F, .85F) * static_cast<float>(canvas.width()),
          chance.between(low, high) * static_cast<float>(canvas.height()), chance.between(.03F, .09F) * canvas.shorter()};
}

}  // namespace

void draw_hills(Canvas& canvas, const Palette& palette, Chance& chance) {
  const auto height = static_cast<float>(canvas.height());
  const auto width = static_cast<float>(canvas.width());
  const Sun sun = place_sun(canvas, chance, .1F, .4F);
  draw_sky(canvas, palette, chance, canvas.height(), sun);
  const Field ground(chance, canvas.width(), canvas.height(), canvas.shorter() * .06F, 5);
  const int ridges = chance.whole(3, 6);
  const float first = chance.between(.35F, .55F);
  std::vector<std::vector<float>> lines;
  for (int ridge = 1; ridge <= ridges; ++ridge) {
    const float near = static_cast<float>(ridge) / static_cast<float>(ridges);
    lines.push_back(profile(chance, canvas.width(), width * (.6F - .25F * near), 7));
    for (float& line : lines.back()) {
      line = (first + (1 - first) * (near - .15F)) * height - (line - .4F) * height * .28F;
    }
  }
  for (std::size_t ridge = 0; ridge < lines.size(); ++ridge) {
    const float near = static_cast<float>(ridge + 1) / static_cast<float>(ridges);
    const Colour rock = palette.at(.62F * (1 - near));
    const Colour haze = mix(rock, palette.colours[3], .45F);
    canvas.below(lines[ridge], 1, ridge + 1 < lines.size() ? &lines[ridge + 1] : nullptr,
                 [&](float x, float y, float deep, Colour& out) {
                   const float speckle = (ground.at(x, y) - .5F) * .35F * near;
                   out = mix(out, mix(rock, haze, smooth(0, height * .3F, deep)) * (1 + speckle), std::min(1.0F, deep + 1));
                 });
  }
}

void draw_sea(Canvas& canvas, const Palette& palette, Chance& chance) {
  const int horizon = std::max(1, static_cast<int>(chance.between(.35F, .6F) * static_cast<float>(canvas.height())));
  const float above = static_cast<float>(horizon) / static_cast<float>(canvas.height());
  const Sun sun = place_sun(canvas, chance, above * .3F, above * .95F);
  draw_sky(canvas, palette, chance, horizon, sun);
  const Colour sunlight = mix(palette.colours[4], {1, 1, .9F}, .5F);
  const float wave = canvas.shorter() * .06F;
  // Waves are wide and flat: noise that is stretched across, and squeezed towards the horizon.
  const Field waves(chance, canvas.width(), canvas.height() * 2, wave, 4);
  const float depth = static_cast<float>(canvas.height() - horizon);
  for (int y = horizon; y < canvas.height(); ++y) {
    const float near = (static_cast<float>(y - horizon) + .5F) / depth;
    const float row = depth * 2 * std::sqrt(near);
    const float stretch = .12F + .5F * (1 - near);
    const Colour water = palette.at(.6F - .5F * near);
    const float path = sun.radius * (1 + 5 * near);
    for (int x = 0; x < canvas.width(); ++x) {
      const float swell = waves.at(static_cast<float>(x) * stretch * .5F, row);
      const float off = (static_cast<float>(x) - sun.x) / path;
      const float glitter = smooth(.5F, .62F, swell) * std::exp(-off * off) * .9F;
      const Colour lit = mix(water, palette.colours[3], smooth(.45F, .8F, swell) * .7F);
      canvas.at(x, y) = mix(lit, sunlight, glitter);
    }
  }
}

void draw_planet(Canvas& canvas, const Palette& palette, Chance& chance) {
  const Field nebula(chance, canvas.width(), canvas.height(), canvas.longer() * .4F, 6, 4);
  const Colour night = palette.colours[0] * .35F;
  canvas.everywhere([&](float x, float y, Colour& out) {
    const float dust = nebula.at(x, y);
    out = mix(night, palette.at(dust * .8F), smooth(.45F, .95F, dust) * .7F);
  });
  const int stars = canvas.width() * canvas.height() / 900 + 3;
  for (int i = 0; i < stars; ++i) {
    const int x = chance.whole(0, canvas.width() - 1);
    const int y = chance.whole(0, canvas.height() - 1);
    canvas.at(x, y) = mix(canvas.at(x, y), {1, 1, .95F}, chance.unit());
  }
  const float radius = chance.between(.22F, .38F) * canvas.shorter();
  const float mx = chance.between(.35F, .65F) * static_cast<float>(canvas.width());
  const float my = chance.between(.35F, .65F) * static_cast<float>(canvas.height());
  const float tilt = chance.between(-.6F, .6F);
  const Field bands(chance, canvas.width(), canvas.height(), radius * .8F, 6);
  const float belts = chance.between(3, 9);
  canvas.around(mx, my, radius + 1, [&](float x, float y, Colour& out) {
    const float u = (x - mx) / radius;
    const float v = (y - my) / radius;
    const float square = u * u + v * v;
    const float cover = std::clamp((1 - std::sqrt(square)) * radius + .5F, 0.0F, 1.0F);
    const float front = std::sqrt(std::max(0.0F, 1 - square));
    const float light = std::clamp(-.55F * u - .5F * v + .67F * front, 0.0F, 1.0F);
    const float cloud = bands.at(x, y);
    const float belt = .5F + .5F * std::sin((v + u * tilt + cloud * .7F) * belts);
    const Colour ground = palette.at(.25F + .5F * belt + .4F * (cloud - .5F));
    out = mix(out, ground * (.06F + 1.05F * light), cover);
  });
}

}  // namespace thumbline::gallery
