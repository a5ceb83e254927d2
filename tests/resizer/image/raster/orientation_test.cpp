#include "resizer/image/raster/orientation.h"

#include <string>

#include "tests/catch.h"

using namespace thumbline;

namespace {

Bitmap letters(int width, const std::string& text) {
  Bitmap picture(width, static_cast<int>(text.size()) / width, Pixel::grey_alpha);
  for (std::size_t i = 0; i < text.size(); ++i) {
    picture.row(0)[2 * i] = static_cast<std::uint8_t>(text[i]);
    picture.row(0)[2 * i + 1] = static_cast<std::uint8_t>(text[i] + 100);
  }
  return picture;
}

}  // namespace

// Stored: abc   Where its row 0 and column 0 are seen: Exif 2.32, 4.6.4.
//         def
TEST_CASE("each orientation puts the picture upright") {
  struct Case {
    int orientation;
    int width;
    std::string seen;
  };
  const auto expected = GENERATE(Case{1, 3, "abcdef"}, Case{2, 3, "cbafed"}, Case{3, 3, "fedcba"}, Case{4, 3, "defabc"},
                                 Case{5, 2, "adbecf"}, Case{6, 2, "daebfc"}, Case{7, 2, "fcebda"}, Case{8, 2, "cfbead"});
  CAPTURE(expected.orientation);
  const Bitmap seen = apply_orientation(letters(3, "abcdef"), expected.orientation);
  CHECK(seen.width() == expected.width);
  CHECK(seen.height() == 6 / expected.width);
  std::string text;
  for (std::size_t i = 0; i < 6; ++i) {
    text += static_cast<char>(seen.row(0)[2 * i]);
    CHECK(seen.row(0)[2 * i + 1] == seen.row(0)[2 * i] + 100);
  }
  CHECK(text == expected.seen);
  CHECK(swaps_sides(expected.orientation) == (expected.width == 2));
}
