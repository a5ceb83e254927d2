#pragma once
#include <cstdint>
#include <vector>

#include "resizer/image/raster/box_shrinker.h"
#include "resizer/image/raster/filter.h"
#include "resizer/image/raster/geometry.h"
#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// Takes a picture row by row and gives it in another size. Holds a few rows of the width that is wanted, never the picture.
/// Colours are weighted by their alpha, so that what is invisible leaves no fringe.
class Resampler {
 public:
  /// `part` of a picture of size `source` will come as `into`, which takes the size `target`. `into` must live until the last
  /// row.
  void start(Size source, const Box& part, Size target, Pixel pixel, Bitmap& into);

  /// The next row: source.width pixels.
  void add_row(const std::uint8_t* row);

 private:
  void add_means(const float* samples);
  void shrink_row(const float* row);
  void finish_row(int y, const float* sums);

  BoxShrinker box_;
  Filter across_, down_;  ///< from what box_ gives
  Bitmap* into_ = nullptr;
  int lanes_ = 1;                 ///< floats a pixel, as of box_
  int y_ = 0;                     ///< of box_'s row that comes next
  int open_ = 0;                  ///< the first target row that is not finished
  int ring_ = 1;                  ///< target rows that can be open at once
  std::vector<float> row_;        ///< one of box_'s rows in the target's width
  std::vector<float> open_rows_;  ///< sums for target rows; row y is at y mod ring_
};

}  // namespace thumbline
