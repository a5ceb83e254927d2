#pragma once
#include <cstdint>
#include <vector>

#include "resizer/image/raster/box_shrinker.h"
#include "resizer/image/raster/filter.h"
#include "resizer/image/raster/geometry.h"
#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// Resamples a picture row by row. Buffers a few rows of the target width, never the whole picture. Colours are weighted by
/// alpha, so that transparent pixels leave no fringes.
class Resampler {
 public:
  /// Resamples `part` of a picture of size `source` to `into`, which is set to the size `target` and must stay valid until the
  /// last row.
  void start(Size source, const Box& part, Size target, Pixel pixel, Bitmap& into);

  /// Adds the next row of source.width pixels.
  void add_row(const std::uint8_t* row);

 private:
  void add_means(const float* samples);
  void shrink_row(const float* row);
  void finish_row(int y, const float* sums);

  BoxShrinker box_;
  Filter across_, down_;  ///< from box_'s rows
  Bitmap* into_ = nullptr;
  int lanes_ = 1;                 ///< floats per pixel, as box_.lanes()
  int y_ = 0;                     ///< the next row of box_
  int open_ = 0;                  ///< first unfinished target row
  int ring_ = 1;                  ///< most unfinished target rows that receive samples at once
  std::vector<float> row_;        ///< one row of box_, resampled to the target's width
  std::vector<float> open_rows_;  ///< sums of unfinished target rows; row y is at y mod ring_
};

}  // namespace thumbline
