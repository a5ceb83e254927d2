#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "resizer/image/raster/geometry.h"
#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// The rows of an interlaced picture, from those of its seven passes (Adam7: W3C PNG, third edition, 8.2). Where all of it
/// takes too much memory, the means of squares of factor × factor pixels, as the passes bring them; colours count by their
/// alpha. Pixels that did not come are black or transparent.
class PngPasses {
 public:
  static constexpr int count = 7;

  /// What it takes in bytes. `factor`: 1, 4 or 8.
  static std::uint64_t memory(Size size, Pixel pixel, int factor);

  void start(Size size, Pixel pixel, int factor);

  [[nodiscard]] Size shrunk() const { return shrunk_; }

  /// How large a pass is; 0 in a direction: it has no pixels.
  [[nodiscard]] Size pass_size(int pass) const;

  void add_row(int pass, int row, const std::uint8_t* pixels);

  /// A row of what came, of shrunk(). Lives until the next call.
  const std::uint8_t* row(int y);

  /// Gives the memory back.
  void drop();

 private:
  void add_to_sums(int x, int step, int y, const std::uint8_t* pixels, int width);

  Size size_, shrunk_;
  Pixel pixel_ = Pixel::grey;
  int factor_ = 1;
  std::vector<std::uint8_t> rows_;   ///< with the factor 1
  std::vector<std::uint32_t> sums_;  ///< of squares, else
  std::vector<std::uint8_t> row_;    ///< their means
};

}  // namespace thumbline
