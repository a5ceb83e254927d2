#include "scripts/gallery/draw/plan.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "scripts/gallery/draw/field.h"

namespace thumbline::gallery {
namespace {

constexpr int id_length = 7;  // as Imgur's

std::string pick_id(Chance& chance) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string id;
  for (int i = 0; i < id_length; ++i) {
    id += letters[static_cast<std::size_t>(chance.whole(0, static_cast<int>(letters.size()) - 1))];
  }
  return id;
}

/// The longer side is log-normal, with its middle at a third of the largest.
Size pick_size(Chance& chance, float aspect, int max_side) {
  const float longer = .33F * static_cast<float>(max_side) * std::exp(.6F * chance.normal());
  const float shorter = longer * aspect * chance.between(.95F, 1.05F);
  const auto whole = [max_side](float side) { return std::clamp(static_cast<int>(std::lround(side)), min_side, max_side); };
  return chance.odds(.6F) ? Size{whole(longer), whole(shorter)} : Size{whole(shorter), whole(longer)};
}

class Planner {
 public:
  explicit Planner(const Wanted& wanted) : wanted_(wanted), chance_(wanted.seed) {}

  Plan next() {
    Plan plan;
    const bool png = png_.draw(chance_);
    do {
      plan.name = pick_id(chance_);
    } while (!names_.insert(plan.name).second);
    plan.name += png ? ".png" : ".jpg";
    plan.scene = scenes_.draw(chance_);
    plan.size = pick_size(chance_, aspects_.draw(chance_), wanted_.max_side);
    if (wanted_.exact) {
      plan.size = *wanted_.exact;
    }
    plan.seed = chance_.bits();
    if (png) {
      plan.look = png_looks_.draw(chance_);
    } else {
      plan.look = jpeg_look();
    }
    return plan;
  }

 private:
  JpegLook jpeg_look() {
    JpegLook look;
    look.quality = chance_.whole(72, 95);
    look.sampling = samplings_.draw(chance_);
    look.grey = grey_.draw(chance_);
    look.progressive = progressive_.draw(chance_);
    if (turned_.draw(chance_)) {
      look.orientation = orientations_.draw(chance_);
      look.big_endian = chance_.odds(.5F);
    }
    return look;
  }

  Wanted wanted_;
  Chance chance_;
  std::set<std::string> names_;
  OneIn png_{5};
  OneIn progressive_{3};
  OneIn grey_{12};
  OneIn turned_{4};
  Deck<int> orientations_{{1, 2, 3, 4, 5, 6, 7, 8}};
  Deck<Sampling> samplings_{{Sampling::full, Sampling::half_across, Sampling::half_both, Sampling::half_both,
                             Sampling::half_both, Sampling::half_both}};
  Deck<PngLook> png_looks_{{{PngKind::rgb, false},
                            {PngKind::rgba, false},
                            {PngKind::palette, false},
                            {PngKind::grey, false},
                            {PngKind::grey_alpha, false},
                            {PngKind::rgb16, false},
                            {PngKind::rgb, true},
                            {PngKind::rgba, true},
                            {PngKind::palette, true},
                            {PngKind::rgba16, true}}};
  Deck<float> aspects_{{1, .75F, .75F, 2 / 3.F, 2 / 3.F, 9 / 16.F, 9 / 16.F, .46F}};
  Deck<Scene> scenes_{{draw_hills, draw_sea, draw_planet, draw_lights, draw_ribbons, draw_marble, draw_cloth, draw_tiles}};
};

/// Alpha as in cut-out pictures: a shape with a soft edge, clear around it.
void cut_out(Pixels& pixels, Chance& chance) {
  const auto [width, height] = pixels.size;
  const auto longer = static_cast<float>(std::max(width, height));
  const Field wobble(chance, width, height, longer * .25F, 3, 4);
  const float soft = chance.between(.03F, .3F);
  std::uint8_t* alpha = pixels.rgba.data() + 3;
  for (int y = 0; y < height; ++y) {
    const float v = static_cast<float>(2 * y + 1) / static_cast<float>(height) - 1;
    for (int x = 0; x < width; ++x, alpha += 4) {
      const float u = static_cast<float>(2 * x + 1) / static_cast<float>(width) - 1;
      const float away = u * u * u * u + v * v * v * v + .5F * (wobble.at(static_cast<float>(x), static_cast<float>(y)) - .5F);
      *alpha = static_cast<std::uint8_t>(255 * (1 - smooth(.8F - soft, .8F + soft, away)));
    }
  }
}

}  // namespace

std::vector<Plan> plan_gallery(const Wanted& wanted) {
  Planner planner(wanted);
  std::vector<Plan> plans;
  plans.reserve(static_cast<std::size_t>(std::max(wanted.count, 0)));
  for (int i = 0; i < wanted.count; ++i) {
    plans.push_back(planner.next());
  }
  return plans;
}

std::vector<std::uint8_t> draw(const Plan& plan) {
  Chance chance(plan.seed);
  const Palette palette = pick_palette(chance);
  Canvas canvas(plan.size);
  plan.scene(canvas, palette, chance);
  if (const auto* look = std::get_if<JpegLook>(&plan.look)) {
    if (look->orientation > 0) {
      draw_this_way_up(canvas, palette);
    }
    return jpeg_file(develop(canvas, chance.between(1, 5), chance), *look);
  }
  const PngLook& look = std::get<PngLook>(plan.look);
  Pixels pixels = develop(canvas, chance.odds(.5F) ? 0 : 1, chance);
  if (has_alpha(look.kind)) {
    cut_out(pixels, chance);
  }
  return png_file(pixels, look);
}

std::vector<std::uint8_t> draw_removed_file() {
  Canvas canvas({161, 81});
  draw_removed(canvas);
  Chance chance(0);
  return png_file(develop(canvas, 0, chance), {PngKind::grey, false});
}

}  // namespace thumbline::gallery
