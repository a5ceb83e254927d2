#include "scripts/gallery/draw/orientation.h"

#include "tests/catch.h"

namespace thumbline::gallery {
namespace {

// A picture of 3 × 2 whose red values are
//   1 2 3
//   4 5 6
Pixels numbered() {
  Pixels pixels({3, 2});
  for (std::uint8_t i = 0; i < 6; ++i) pixels.at(i % 3, i / 3)[0] = static_cast<std::uint8_t>(i + 1);
  return pixels;
}

std::string rows(const Pixels& pixels) {
  std::string text;
  for (int y = 0; y < pixels.size.height; ++y) {
    text += y > 0 ? "/" : "";
    for (int x = 0; x < pixels.size.width; ++x) {
      text += static_cast<char>('0' + pixels.at(x, y)[0]);
    }
  }
  return text;
}

TEST_CASE("What is stored has its first row and column where EXIF says they are seen", "[gallery]") {
  // CIPA DC-008, tag 0x0112: where the 0th row and the 0th column are seen.
  CHECK(rows(stored_as(numbered(), 1)) == "123/456");   // top, left
  CHECK(rows(stored_as(numbered(), 2)) == "321/654");   // top, right
  CHECK(rows(stored_as(numbered(), 3)) == "654/321");   // bottom, right
  CHECK(rows(stored_as(numbered(), 4)) == "456/123");   // bottom, left
  CHECK(rows(stored_as(numbered(), 5)) == "14/25/36");  // left, top
  CHECK(rows(stored_as(numbered(), 6)) == "36/25/14");  // right, top
  CHECK(rows(stored_as(numbered(), 7)) == "63/52/41");  // right, bottom
  CHECK(rows(stored_as(numbered(), 8)) == "41/52/63");  // left, bottom
}

}  // namespace
}  // namespace thumbline::gallery
