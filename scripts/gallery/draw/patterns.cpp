#include <array>
#include <cmath>
#include <vector>

#include "scripts/gallery/draw/field.h"
#include "scripts/gallery/draw/scene.h"

namespace thumbline::gallery {
namespace {

constexpr float pi = 3.14159265F;

/// A colour of the palette by its place in it, as chance will.
Colour any_colour(const Palette& palette, Chance& chance) {
  return palette.colours[static_cast<std::size_t>(chance.whole(0, 4))];
}

}  // namespace

/// Lights out of focus: soft discs, lighter at the rim, over a dark gradient.
void draw_lights(Canvas& canvas, const Palette& palette, Chance& chance) {
  const Field backdrop(chance, canvas.width(), canvas.height(), canvas.longer() * .5F, 3, 4);
  const float lean = chance.between(-.5F, .5F);
  canvas.everywhere([&](float x, float y, Colour& out) {
    const float down = y / static_cast<float>(canvas.height()) + lean * (x / static_cast<float>(canvas.width()) - .5F);
    out = palette.at(.05F + .3F * down + .35F * (backdrop.at(x, y) - .4F));
  });
  const int count = chance.whole(18, 60);
  for (int i = 0; i < count; ++i) {
    const float radius = canvas.shorter() * chance.between(.02F, .11F);
    const float mx = chance.unit() * static_cast<float>(canvas.width());
    const float my = (.5F + .17F * chance.normal()) * static_cast<float>(canvas.height());
    const Colour light = mix(palette.at(chance.between(.5F, 1)), {1, .95F, .85F}, .2F) * chance.between(.12F, .5F);
    canvas.around(mx, my, radius, [&](float x, float y, Colour& out) {
      const float away = std::sqrt((x - mx) * (x - mx) + (y - my) * (y - my)) / radius;
      if (away < 1) {
        out = out + light * ((.65F + .35F * away * away) * (1 - smooth(.93F, 1, away)));
      }
    });
  }
}

/// Sheets of paper cut in waves, one in front of the other, each with a shadow on the one behind.
void draw_ribbons(Canvas& canvas, const Palette& palette, Chance& chance) {
  const auto height = static_cast<float>(canvas.height());
  const auto width = static_cast<float>(canvas.width());
  const bool dark_in_front = chance.odds(.5F);
  const int sheets = chance.whole(6, 11);
  const Field paper(chance, canvas.width(), canvas.height(), std::max(3.0F, canvas.shorter() * .01F), 2, 1);
  const Colour behind = palette.at(dark_in_front ? 1.0F : 0.0F);
  canvas.everywhere([&](float x, float y, Colour& out) { out = behind * (.96F + .08F * paper.at(x, y)); });
  std::vector<std::vector<float>> edges;
  for (int sheet = 1; sheet <= sheets; ++sheet) {
    edges.push_back(profile(chance, canvas.width(), width * chance.between(.2F, .5F), 2));
    for (float& edge : edges.back()) {
      edge = height * (.95F * static_cast<float>(sheet) / static_cast<float>(sheets) - .1F) + (edge - .5F) * height * .35F;
    }
  }
  const float shadow = canvas.shorter() * .03F;
  for (std::size_t sheet = 0; sheet < edges.size(); ++sheet) {
    const float near = static_cast<float>(sheet + 1) / static_cast<float>(sheets);
    const Colour colour = palette.at(dark_in_front ? 1 - near : near);
    canvas.below(edges[sheet], shadow, sheet + 1 < edges.size() ? &edges[sheet + 1] : nullptr,
                 [&](float x, float y, float deep, Colour& out) {
                   if (deep < -1) {
                     out = out * (1 - .3F * (1 + deep / shadow));
                   } else {
                     out = mix(out, colour * (.95F + .1F * paper.at(x, y)), std::min(1.0F, deep + 1));
                   }
                 });
  }
}

/// Veins of stone: noise read at places that other noise has moved.
void draw_marble(Canvas& canvas, const Palette& palette, Chance& chance) {
  const float cell = canvas.longer() * chance.between(.25F, .5F);
  const Field aside(chance, canvas.width(), canvas.height(), cell, 4, 4);
  const Field down(chance, canvas.width(), canvas.height(), cell, 4, 4);
  const Field stone(chance, canvas.width(), canvas.height(), cell * .5F, 7);
  const float pull = canvas.longer() * chance.between(.3F, .7F);
  const float veins = chance.between(8, 26);
  canvas.everywhere([&](float x, float y, Colour& out) {
    const float dx = aside.at(x, y) - .5F;
    const float dy = down.at(x, y) - .5F;
    const float value = stone.at(x + dx * pull, y + dy * pull);
    const float phase = value * veins - std::floor(value * veins);
    const float vein = 1 - smooth(0, .22F, std::abs(phase - .5F));
    out = mix(palette.at(smooth(.2F, .8F, value + .3F * dx)), palette.colours[4], vein * .45F);
  });
}

/// Woven stripes, with the threads to be seen.
void draw_cloth(Canvas& canvas, const Palette& palette, Chance& chance) {
  const float turn = chance.between(0, pi);
  const float along = std::cos(turn);
  const float across = std::sin(turn);
  const bool checked = chance.odds(.5F);
  std::array<Colour, 64> stripes;
  for (std::size_t i = 0; i < stripes.size();) {
    const Colour colour = any_colour(palette, chance);
    for (int wide = chance.whole(1, 9); wide > 0 && i < stripes.size(); --wide) {
      stripes[i++] = colour;
    }
  }
  const float stripe = std::max(2.0F, canvas.shorter() / chance.between(30, 70));
  const float thread = std::max(3.0F, stripe * .3F);
  const Field folds(chance, canvas.width(), canvas.height(), canvas.longer() * .35F, 3, 4);
  const auto colour_at = [&](float place) {
    return stripes[static_cast<unsigned>(static_cast<int>(place / stripe + 4096)) % 64];
  };
  const auto bulge = [&](float place) {
    const float t = place / thread - std::floor(place / thread);
    return 4 * t * (1 - t);
  };
  canvas.everywhere([&](float x, float y, Colour& out) {
    const float fold = folds.at(x, y) - .5F;
    const float u = x * along + y * across + fold * stripe * 4;
    const float v = y * along - x * across + fold * stripe * 2;
    const Colour dye = checked ? mix(colour_at(u), colour_at(v), .5F) : colour_at(u);
    out = dye * (.72F + .12F * bulge(u) + .12F * bulge(v) + .6F * fold);
  });
}

/// A floor of tiles: each a square with quarter, half or whole discs in it.
void draw_tiles(Canvas& canvas, const Palette& palette, Chance& chance) {
  const int columns = chance.whole(3, 9);
  const float side = std::max(4.0F, static_cast<float>(canvas.width()) / static_cast<float>(columns));
  const Field glaze(chance, canvas.width(), canvas.height(), side * .8F, 6);
  const float grout = side * .02F;
  const auto count = [side](int length) { return static_cast<int>(std::ceil(static_cast<float>(length) / side)); };
  for (int row = 0; row < count(canvas.height()); ++row) {
    for (int column = 0; column < count(canvas.width()); ++column) {
      const float top = side * static_cast<float>(row);
      const float left = side * static_cast<float>(column);
      const Colour ground = any_colour(palette, chance);
      const Colour disc = any_colour(palette, chance);
      // The disc's middle: a corner, the middle of an edge, or the tile's own.
      const float mx = left + side * .5F * static_cast<float>(chance.whole(0, 2));
      const float my = top + side * .5F * static_cast<float>(chance.whole(0, 2));
      const float outer = side * (chance.odds(.5F) ? .5F : .85F);
      const float inner = chance.odds(.5F) ? outer * .5F : 0;
      canvas.around(left + side / 2, top + side / 2, side / 2, [&](float x, float y, Colour& out) {
        const float inside = std::min(std::min(x - left, left + side - x), std::min(y - top, top + side - y));
        const float away = std::sqrt((x - mx) * (x - mx) + (y - my) * (y - my));
        const float cover = std::clamp(outer - away + .5F, 0.0F, 1.0F) * std::clamp(away - inner + .5F, 0.0F, 1.0F);
        if (inside >= 0) {
          const Colour tile = mix(ground, disc, inner > 0 || cover < 1 ? cover : 1.0F) * (.82F + .36F * glaze.at(x, y));
          out = mix(palette.colours[4] * .85F, tile, smooth(grout * .5F, grout * 1.5F + 1, inside));
        }
      });
    }
  }
}

}  // namespace thumbline::gallery
