#pragma once
#include <cstdint>
#include <vector>

#include "resizer/image/raster/geometry.h"
#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// The first and cheap step of shrinking a lot: takes a picture row by row and gives the means of squares of factor × factor
/// pixels; at the right and at the bottom, of what is left there. The means are floats from 0 to 255, colours times their
/// alpha, so that what is invisible counts for nothing. With the factor 1 bytes become floats and nothing else.
class BoxShrinker {
 public:
  static constexpr int max_factor = 256;  ///< what 16 bits can sum up

  void start(Size source, Pixel pixel, int factor);

  /// The next row: source.width pixels. True where it is the last of its squares.
  bool add_row(const std::uint8_t* row);

  /// After true: shrunk().width × lanes() floats; they live until the next row.
  [[nodiscard]] const float* means() const { return means_.data(); }

  /// A pixel is one float (grey) or four, so that it is a vector: G A, R G B, R G B A or C M Y K.
  [[nodiscard]] int lanes() const { return lanes_; }
  [[nodiscard]] Size shrunk() const;

 private:
  template <class Number>
  void average(const std::vector<Number>& sums, int stride);

  Size source_;
  Pixel pixel_ = Pixel::grey;
  int factor_ = 1;
  int lanes_ = 1;
  int y_ = 0;                             ///< rows taken
  int rows_ = 0;                          ///< the last of them, of squares that are not complete
  std::vector<std::uint16_t> sums_;       ///< of those rows, where pixels are opaque
  std::vector<float> row_, shared_sums_;  ///< one row and those rows, where they have alpha
  std::vector<float> means_;
};

}  // namespace thumbline
