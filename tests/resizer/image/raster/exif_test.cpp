#include "resizer/image/raster/exif.h"

#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

TEST_CASE("the orientation is found in both byte orders") {
  const int orientation = GENERATE(range(1, 9));
  CHECK(exif_orientation(drawn::exif(orientation, true)) == orientation);
  CHECK(exif_orientation(drawn::exif(orientation, false)) == orientation);
}

TEST_CASE("an orientation may be any whole number") {
  const int type = GENERATE(1, 3, 4, 6, 8, 9);  // TIFF 6.0, 2
  const std::size_t length = type == 1 || type == 6 ? 1 : type == 3 || type == 8 ? 2 : 4;
  for (const bool big_endian : {false, true}) {
    drawn::Bytes block = drawn::exif(6, big_endian);
    constexpr std::size_t entry = 8 + 2 + 12;
    block[entry + (big_endian ? 3 : 2)] = static_cast<std::byte>(type);
    for (std::size_t i = 0; i < 4; ++i) block[entry + 8 + i] = std::byte{0};
    block[entry + 8 + (big_endian ? length - 1 : 0)] = std::byte{6};
    CHECK(exif_orientation(block) == 6);
  }
}

TEST_CASE("an orientation that does not exist is none") {
  const int orientation = GENERATE(0, 9, 255, 65535);
  CHECK(exif_orientation(drawn::exif(orientation, true)) == 1);
  CHECK(exif_orientation(drawn::exif(orientation, false)) == 1);
}

TEST_CASE("a block cut anywhere before its orientation has none") {
  const drawn::Bytes whole = drawn::exif(6, false);
  constexpr std::size_t value_end = 8 + 2 + 12 + 8 + 2;
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const drawn::Bytes cut(whole.begin(),
                           whole.begin() + static_cast<std::ptrdiff_t>(length));  // so that reading past its end is noticed
    CAPTURE(length);
    CHECK(exif_orientation(cut) == (length < value_end ? 1 : 6));
  }
}

TEST_CASE("a directory that lies outside, or claims more entries than there are, does no harm") {
  drawn::Bytes block = drawn::exif(6, true);
  SECTION("outside") {
    for (std::size_t i = 4; i < 8; ++i) block[i] = std::byte{0xFF};
    CHECK(exif_orientation(block) == 1);
  }
  SECTION("too many entries, none of them an orientation") {
    block[8] = block[9] = std::byte{0xFF};
    block[22] = std::byte{0x7F};
    CHECK(exif_orientation(block) == 1);
  }
  SECTION("not a number") {
    block[25] = std::byte{2};
    CHECK(exif_orientation(block) == 1);
  }
  SECTION("another file altogether") {
    block[3] = std::byte{43};
    CHECK(exif_orientation(block) == 1);
  }
}
