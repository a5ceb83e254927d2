#include "scripts/gallery/draw/field.h"

#include <algorithm>
#include <cmath>

namespace thumbline::gallery {
namespace {

/// Where a point of the grid lies between two values of an octave.
struct Place {
  std::size_t before;
  float share;  ///< of the value after
};

std::vector<Place> places(int count, float step, float cell) {
  std::vector<Place> result;
  result.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const float position = static_cast<float>(i) * step / cell;
    const float t = position - std::floor(position);
    result.push_back({static_cast<std::size_t>(position), t * t * (3 - 2 * t)});
  }
  return result;
}

std::vector<float> even_values(Chance& chance, std::size_t count) {
  std::vector<float> result(count);
  std::generate(result.begin(), result.end(), [&] { return chance.unit(); });
  return result;
}

float total(int octaves) {
  return 2.0F - std::ldexp(1.0F, 1 - octaves);
}

}  // namespace

Field::Field(Chance& chance, int width, int height, float cell, int octaves, int step)
    : per_step_(1.0F / static_cast<float>(step)),
      columns_(width / step + 2),
      rows_(height / step + 2),
      grid_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {
  const int worth = std::max(1, std::min(octaves, 1 + static_cast<int>(std::log2(std::max(1.0F, cell * per_step_)))));
  for (int octave = 0; octave < worth; ++octave) {
    add_octave(chance, std::ldexp(cell, -octave), std::ldexp(1.0F / total(worth), -octave));
  }
}

void Field::add_octave(Chance& chance, float cell, float amount) {
  const auto across = places(columns_, 1 / per_step_, cell);
  const auto down = places(rows_, 1 / per_step_, cell);
  const std::size_t stride = across.back().before + 2;
  const auto values = even_values(chance, stride * (down.back().before + 2));
  float* out = grid_.data();
  for (const Place& y : down) {
    const float* above = values.data() + y.before * stride;
    const float* below = above + stride;
    for (const Place& x : across) {
      const float top = above[x.before] + (above[x.before + 1] - above[x.before]) * x.share;
      const float bottom = below[x.before] + (below[x.before + 1] - below[x.before]) * x.share;
      *out++ += (top + (bottom - top) * y.share) * amount;
    }
  }
}

std::vector<float> profile(Chance& chance, int length, float cell, int octaves) {
  std::vector<float> result(static_cast<std::size_t>(length));
  for (int octave = 0; octave < octaves; ++octave) {
    const auto along = places(length, 1, std::ldexp(cell, -octave));
    const auto values = even_values(chance, along.back().before + 2);
    const float amount = std::ldexp(1.0F / total(octaves), -octave);
    for (std::size_t i = 0; i < along.size(); ++i) {
      const auto [before, share] = along[i];
      result[i] += (values[before] + (values[before + 1] - values[before]) * share) * amount;
    }
  }
  return result;
}

}  // namespace thumbline::gallery
