#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "resizer/image/raster/geometry.h"
#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// Assembles an interlaced picture from its seven passes (Adam7: W3C PNG, third edition, 8.2). If the whole picture takes too
/// much memory, it keeps only means of squares of factor × factor pixels, with colours weighted by alpha. Missing pixels are
/// black or transparent.
class PngPasses {
 public:
  static constexpr int count = 7;

  /// Memory in bytes. `factor`: 1, 4 or 8.
  static std::uint64_t memory(Size size, Pixel pixel, int factor);

  void start(Size size, Pixel pixel, int factor);

  [[nodiscard]] Size shrunk() const { return shrunk_; }

  /// The size of a pass; width or height is 0 if it has no pixels.
  [[nodiscard]] Size pass_size(int pass) const;

  void add_row(int pass, int row, const std::uint8_t* pixels);

  /// A row of the assembled picture, of size shrunk(). Valid until the next call.
  const std::uint8_t* row(int y);

  /// Frees the memory.
  void drop();

 private:
  void add_to_sums(int x, int step, int y, const std::uint8_t* pixels, int width);

  Size size_, shrunk_;
  Pixel pixel_ = Pixel::grey;
  int factor_ = 1;
  std::vector<std::uint8_t> rows_;   ///< if the factor is 1
  std::vector<std::uint32_t> sums_;  ///< sums of squares of pixels, else
  std::vector<std::uint8_t> row_;    ///< means of one row of squares
};

}  // namespace thumbline
