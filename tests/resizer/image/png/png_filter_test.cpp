#include "resizer/image/png/png_filter.h"

#include <cstdlib>
#include <vector>

#include "tests/catch.h"

using namespace thumbline;

namespace {

using Row = std::vector<std::uint8_t>;

/// W3C PNG, 9.4.
int paeth(int a, int b, int c) {
  const int p = a + b - c;
  const int pa = std::abs(p - a);
  const int pb = std::abs(p - b);
  const int pc = std::abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/// Filters a row by the definitions of W3C PNG, 9.2.
Row filtered(int filter, const Row& row, const Row& above, std::size_t pixel) {
  Row coded(row.size());
  for (std::size_t x = 0; x < row.size(); ++x) {
    const int a = x < pixel ? 0 : row[x - pixel];
    const int b = above.empty() ? 0 : above[x];
    const int c = x < pixel || above.empty() ? 0 : above[x - pixel];
    const int prediction = filter == 0 ? 0 : filter == 1 ? a : filter == 2 ? b : filter == 3 ? (a + b) / 2 : paeth(a, b, c);
    coded[x] = static_cast<std::uint8_t>(row[x] - prediction);
  }
  return coded;
}

/// Bytes of every size, next to each other and far apart.
Row noise(std::size_t length, unsigned seed) {
  Row row;
  for (std::size_t i = 0; i < length; ++i) {
    seed = seed * 1664525 + 1013904223;
    row.push_back(static_cast<std::uint8_t>(seed >> (seed >> 30 == 0 ? 29 : 24)));
  }
  return row;
}

}  // namespace

TEST_CASE("filters are those of the definition, and undoing them gives the row back and touches nothing beside it") {
  const int filter = GENERATE(0, 1, 2, 3, 4);
  const std::size_t pixel = GENERATE(1U, 2U, 3U, 4U, 6U, 8U);
  const bool first_row = GENERATE(false, true);
  for (std::size_t width = 1; width <= 33; ++width) {
    CAPTURE(filter, pixel, width, first_row);
    const Row row = noise(width * pixel, static_cast<unsigned>(width * 77 + pixel));
    const Row above = first_row ? Row{} : noise(width * pixel, static_cast<unsigned>(width * 31 + 5));
    Row coded = filtered(filter, row, above, pixel);
    Row applied(row.size());
    const Row over = first_row ? Row(row.size()) : above;
    apply_png_filter(static_cast<PngFilter>(filter), row.data(), over.data(), row.size(), pixel, applied.data());
    CHECK(applied == coded);
    coded.insert(coded.end(), 4, std::uint8_t{0xAB});
    Row padded = above;
    padded.resize(above.size() + 4);
    undo_png_filter(filter, coded.data(), first_row ? nullptr : padded.data(), row.size(), pixel);
    CHECK(Row(coded.begin(), coded.end() - 4) == row);
    CHECK(Row(coded.end() - 4, coded.end()) == Row(4, 0xAB));
  }
}
