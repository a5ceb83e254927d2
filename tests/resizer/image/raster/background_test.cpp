#include "resizer/image/raster/background.h"

#include <array>

#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

Bitmap one_pixel(Pixel pixel, std::array<std::uint8_t, 4> samples) {
  Bitmap picture(1, 1, pixel);
  for (int c = 0; c < channels(pixel); ++c) picture.row(0)[c] = samples.at(static_cast<std::size_t>(c));
  return picture;
}

std::array<int, 3> colour(const Bitmap& picture, int x = 0, int y = 0) {
  const std::uint8_t* at = picture.at(x, y);
  if (channels(picture.pixel()) < 3) return {at[0], at[0], at[0]};
  return {at[0], at[1], at[2]};
}

}  // namespace

TEST_CASE("a share of alpha shows that share of the colour, the background the rest") {
  Bitmap picture = one_pixel(Pixel::rgba, {200, 100, 0, 51});
  flatten({255, 255, 255}, picture);
  CHECK(picture.pixel() == Pixel::rgb);
  CHECK(colour(picture) == std::array{244, 224, 204});  // 0.2 of the one, 0.8 of the other

  Bitmap opaque = one_pixel(Pixel::rgba, {200, 100, 0, 255});
  flatten({1, 2, 3}, opaque);
  CHECK(colour(opaque) == std::array{200, 100, 0});

  Bitmap invisible = one_pixel(Pixel::rgba, {200, 100, 0, 0});
  flatten({1, 2, 3}, invisible);
  CHECK(colour(invisible) == std::array{1, 2, 3});
}

TEST_CASE("what is between two levels becomes the nearer one") {
  for (int alpha = 0; alpha <= 255; ++alpha) {
    Bitmap picture = one_pixel(Pixel::grey_alpha, {1, static_cast<std::uint8_t>(alpha)});
    flatten({0, 0, 0}, picture);
    CAPTURE(alpha);
    CHECK(int(picture.row(0)[0]) == (alpha >= 128 ? 1 : 0));
  }
}

TEST_CASE("grey stays grey on grey, and takes colour from a coloured background") {
  Bitmap picture = one_pixel(Pixel::grey_alpha, {100, 51});
  flatten({200, 200, 200}, picture);
  CHECK(picture.pixel() == Pixel::grey);
  CHECK(picture.row(0)[0] == 180);

  Bitmap on_red = one_pixel(Pixel::grey_alpha, {100, 51});
  flatten({255, 0, 0}, on_red);
  CHECK(on_red.pixel() == Pixel::rgb);
  CHECK(colour(on_red) == std::array{224, 20, 20});
}

TEST_CASE("what has no alpha stays as it is") {
  Bitmap picture = one_pixel(Pixel::rgb, {9, 8, 7});
  flatten({255, 0, 0}, picture);
  CHECK(picture.pixel() == Pixel::rgb);
  CHECK(colour(picture) == std::array{9, 8, 7});
}

TEST_CASE("a border lies around the picture, which is in the middle") {
  const Pixel pixel = GENERATE(Pixel::grey, Pixel::grey_alpha, Pixel::rgb, Pixel::rgba);
  const auto scene = [](double, double) { return drawn::Colour{7, 7, 7, 255}; };
  const Bitmap result = pad(drawn::draw(3, 2, pixel, scene), {7, 4}, {10, 20, 30});
  REQUIRE(result.width() == 7);
  REQUIRE(result.height() == 4);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 7; ++x) {
      const bool inside = x >= 2 && x < 5 && y >= 1 && y < 3;
      CAPTURE(x, y);
      CHECK(colour(result, x, y) == (inside ? std::array{7, 7, 7} : std::array{10, 20, 30}));
      if (has_alpha(result.pixel())) CHECK(result.at(x, y)[channels(result.pixel()) - 1] == 255);
    }
  }
}

TEST_CASE("a white border leaves a grey picture grey") {
  const Bitmap result = pad(drawn::draw(3, 2, Pixel::grey), {7, 4}, {});
  CHECK(result.pixel() == Pixel::grey);
  CHECK(result.at(0, 0)[0] == 255);
}
