#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include "scripts/gallery/draw/chance.h"

namespace thumbline::gallery {

/// A random landscape of values from 0 to 1 over a picture: value noise, a sum of octaves, each with half the cell and half the
/// height of the one before. It is worked out on a grid of every `step` pixels and read between them.
class Field {
 public:
  /// `cell`: pixels from one bump to the next in the first octave; octaves finer than the grid are left out.
  Field(Chance& chance, int width, int height, float cell, int octaves, int step = 2);

  /// Outside of the picture the value at its edge.
  [[nodiscard]] float at(float x, float y) const;

 private:
  void add_octave(Chance& chance, float cell, float amount);

  float per_step_;
  int columns_, rows_;
  std::vector<float> grid_;  ///< row by row
};

inline float Field::at(float x, float y) const {
  const float column = std::clamp(x * per_step_, 0.0F, static_cast<float>(columns_) - 1.001F);
  const float row = std::clamp(y * per_step_, 0.0F, static_cast<float>(rows_) - 1.001F);
  const int left = static_cast<int>(column);
  const int top = static_cast<int>(row);
  const float* corner = grid_.data() + static_cast<std::ptrdiff_t>(top) * columns_ + left;
  const float dx = column - static_cast<float>(left);
  const float above = corner[0] + (corner[1] - corner[0]) * dx;
  const float below = corner[columns_] + (corner[columns_ + 1] - corner[columns_]) * dx;
  return above + (below - above) * (row - static_cast<float>(top));
}

/// The same in one dimension: `length` values from 0 to 1.
std::vector<float> profile(Chance& chance, int length, float cell, int octaves);

}  // namespace thumbline::gallery
