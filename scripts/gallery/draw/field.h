#pragma once
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

/// The same in one dimension: `length` values from 0 to 1.
std::vector<float> profile(Chance& chance, int length, float cell, int octaves);

}  // namespace thumbline::gallery
