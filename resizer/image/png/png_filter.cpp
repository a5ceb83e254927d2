#include "resizer/image/png/png_filter.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "resizer/image/raster/float4.h"

namespace thumbline {
namespace {

using Bytes8 [[gnu::vector_size(8)]] = std::uint8_t;

/// A pixel of up to four bytes as a vector. Each pixel depends on the one before, and this makes the chain shortest.
Short8 load_pixel(const std::uint8_t* from) {
  return widened(load_first<Bytes16, std::int32_t>(from));
}

std::uint32_t low_bytes(Short8 values) {
  const Bytes8 bytes = __builtin_convertvector(values & 255, Bytes8);
  std::uint32_t four = 0;
  std::memcpy(&four, &bytes, sizeof four);
  return four;
}

Short8 magnitude(Short8 value) {
  return value > -value ? value : -value;
}

Short8 least(Short8 one, Short8 other) {
  return one < other ? one : other;
}

struct Sub {
  static Short8 predict(Short8 left, Short8, Short8) { return left; }
};
struct Average {
  static Short8 predict(Short8 left, Short8 above, Short8) { return (left + above) >> 1; }
};
struct Paeth {
  static Short8 predict(Short8 left, Short8 above, Short8 corner) {
    const Short8 to_left = magnitude(above - corner);
    const Short8 to_above = magnitude(left - corner);
    const Short8 to_corner = magnitude(left + above - corner - corner);
    const Short8 nearest = least(least(to_left, to_above), to_corner);
    return to_left == nearest ? left : to_above == nearest ? above : corner;
  }
};

/// Pixels of three or four bytes. Reads and writes four bytes at a time: the next pixel is read before its first byte is
/// overwritten, and the last pixel is written alone.
template <class Predictor, std::size_t pixel>
void undo_wide(std::uint8_t* row, const std::uint8_t* above, std::size_t length) {
  Short8 left{};
  Short8 corner{};
  Short8 coded = load_pixel(row);
  std::size_t x = 0;
  for (; x + pixel < length; x += pixel) {
    const Short8 over = load_pixel(above + x);
    left = (coded + Predictor::predict(left, over, corner)) & 255;
    corner = over;
    coded = load_pixel(row + x + pixel);
    const std::uint32_t four = low_bytes(left);
    std::memcpy(row + x, &four, sizeof four);
  }
  left = coded + Predictor::predict(left, load_pixel(above + x), corner);
  const std::uint32_t four = low_bytes(left);
  std::memcpy(row + x, &four, pixel);
}

int nearest(int left, int above, int corner) {
  const int to_left = std::abs(above - corner);
  const int to_above = std::abs(left - corner);
  const int to_corner = std::abs(left + above - 2 * corner);
  if (to_left <= to_above && to_left <= to_corner) return left;
  return to_above <= to_corner ? above : corner;
}

int prediction(int filter, int left, int above, int corner) {
  switch (filter) {
    case png_sub: return left;
    case png_up: return above;
    case png_average: return (left + above) / 2;
    case png_paeth: return nearest(left, above, corner);
    default: return 0;
  }
}

/// Pixels of any size, as in the specification; `above` may be null.
void undo_bytes(int filter, std::uint8_t* row, const std::uint8_t* above, std::size_t length, std::size_t pixel) {
  for (std::size_t x = 0; x < length; ++x) {
    const bool first = x < pixel;
    const int left = first ? 0 : row[x - pixel];
    const int over = above == nullptr ? 0 : above[x];
    const int corner = first || above == nullptr ? 0 : above[x - pixel];
    row[x] = static_cast<std::uint8_t>(row[x] + prediction(filter, left, over, corner));
  }
}

template <std::size_t pixel>
void undo_by_vectors(int filter, std::uint8_t* row, const std::uint8_t* above, std::size_t length) {
  switch (filter) {
    case png_sub: undo_wide<Sub, pixel>(row, above, length); break;
    case png_average: undo_wide<Average, pixel>(row, above, length); break;
    default: undo_wide<Paeth, pixel>(row, above, length); break;
  }
}

}  // namespace

void apply_png_filter(PngFilter filter, const std::uint8_t* row, const std::uint8_t* above, std::size_t length,
                      std::size_t pixel, std::uint8_t* coded) {
  const std::size_t start = std::min(pixel, length);  // the first pixel has none to its left
  for (std::size_t x = 0; x < start; ++x) coded[x] = static_cast<std::uint8_t>(row[x] - prediction(filter, 0, above[x], 0));
  for (std::size_t x = start; x < length; ++x) {
    coded[x] = static_cast<std::uint8_t>(row[x] - prediction(filter, row[x - pixel], above[x], above[x - pixel]));
  }
}

void undo_png_filter(int filter, std::uint8_t* row, const std::uint8_t* above, std::size_t length, std::size_t pixel) {
  if (filter == png_none || length == 0) return;
  if (filter == png_up) {
    if (above == nullptr) return;
    for (std::size_t x = 0; x < length; ++x) row[x] = static_cast<std::uint8_t>(row[x] + above[x]);
  } else if (above != nullptr && pixel == 3) {
    undo_by_vectors<3>(filter, row, above, length);
  } else if (above != nullptr && pixel == 4) {
    undo_by_vectors<4>(filter, row, above, length);
  } else {
    undo_bytes(filter, row, above, length, pixel);
  }
}

}  // namespace thumbline
