#pragma once
#include <cstdint>
#include <vector>

#include "resizer/image/raster/geometry.h"
#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// Box filter, the cheap first step of large reductions: takes a picture row by row and returns the means of squares of factor
/// × factor pixels; squares at the right and bottom edges may be smaller. Means are floats from 0 to 255, colours premultiplied
/// by alpha. With factor 1 it only converts bytes to floats.
class BoxShrinker {
 public:
  static constexpr int max_factor = 256;  ///< the largest for which sums of bytes fit in 16 bits

  void start(Size source, Pixel pixel, int factor);

  /// Adds the next row of source.width pixels. Returns true if it completes a row of squares: see means().
  bool add_row(const std::uint8_t* row);

  /// shrunk().width × lanes() floats, after add_row() returned true. Valid until the next row.
  [[nodiscard]] const float* means() const { return means_.data(); }

  /// Floats in a pixel: one (grey) or four, to fit a vector register: G A, R G B, R G B A or C M Y K.
  [[nodiscard]] int lanes() const { return lanes_; }
  [[nodiscard]] Size shrunk() const;

 private:
  template <class Number>
  void average(const std::vector<Number>& sums, int stride);

  Size source_;
  Pixel pixel_ = Pixel::grey;
  int factor_ = 1;
  int lanes_ = 1;
  int y_ = 0;                             ///< rows added
  int rows_ = 0;                          ///< rows added since the last complete row of squares
  std::vector<std::uint16_t> sums_;       ///< column sums of those rows, if pixels have no alpha
  std::vector<float> row_, shared_sums_;  ///< one row and the column sums, if pixels have alpha
  std::vector<float> means_;
};

}  // namespace thumbline
