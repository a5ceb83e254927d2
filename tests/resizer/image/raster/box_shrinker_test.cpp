#include "resizer/image/raster/box_shrinker.h"

#include <algorithm>
#include <vector>

#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

drawn::Colour busy(double u, double v) {
  return {255 * u, 255 * (1 - v), 255 * u * v, u < 0.5 ? 255 : 255 * v};
}

/// One sample as it counts: colours by their alpha.
double counted(const Bitmap& picture, int x, int y, int channel) {
  const std::uint8_t* at = picture.at(x, y);
  const int alpha = has_alpha(picture.pixel()) ? channels(picture.pixel()) - 1 : -1;
  return alpha < 0 || channel == alpha ? at[channel] : at[channel] * at[alpha] / 255.0;
}

double mean(const Bitmap& picture, int left, int top, int factor, int channel) {
  double sum = 0;
  int count = 0;
  for (int y = top; y < std::min(top + factor, picture.height()); ++y) {
    for (int x = left; x < std::min(left + factor, picture.width()); ++x, ++count) sum += counted(picture, x, y, channel);
  }
  return sum / count;
}

}  // namespace

TEST_CASE("squares become their means, at the edges of what is there") {
  const Pixel pixel = GENERATE(Pixel::grey, Pixel::grey_alpha, Pixel::rgb, Pixel::rgba, Pixel::cmyk);
  const int factor = GENERATE(1, 2, 3, 7, 40);
  const Size size = GENERATE(Size{21, 14}, Size{23, 15}, Size{1, 1}, Size{50, 1});
  const Bitmap picture = drawn::draw(size.width, size.height, pixel, busy);
  BoxShrinker shrinker;
  shrinker.start({9, 9}, Pixel::rgba, 4);  // something else before, not finished
  shrinker.add_row(std::vector<std::uint8_t>(36, 200).data());
  shrinker.start(size, pixel, factor);
  CHECK(shrinker.shrunk() == Size{(size.width + factor - 1) / factor, (size.height + factor - 1) / factor});
  int rows = 0;
  for (int y = 0; y < size.height; ++y) {
    const std::vector<std::uint8_t> alone(picture.row(y),
                                          picture.row(y) + picture.stride());  // so that reading past its end is noticed
    if (!shrinker.add_row(alone.data())) continue;
    for (int x = 0; x < shrinker.shrunk().width; ++x) {
      for (int c = 0; c < channels(pixel); ++c) {
        CAPTURE(x, rows, c);
        REQUIRE(shrinker.means()[x * shrinker.lanes() + c] ==
                Approx(mean(picture, x * factor, rows * factor, factor, c)).margin(0.01));
      }
    }
    ++rows;
  }
  CHECK(rows == shrinker.shrunk().height);
}

TEST_CASE("the largest factor does not overflow") {
  BoxShrinker shrinker;
  shrinker.start({300, 300}, Pixel::rgb, BoxShrinker::max_factor);
  const std::vector<std::uint8_t> white(900, 255);
  for (int y = 0; y < 300; ++y) {
    if (shrinker.add_row(white.data())) CHECK(shrinker.means()[2] == Approx(255));
  }
}
