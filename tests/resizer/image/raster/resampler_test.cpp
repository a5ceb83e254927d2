#include "resizer/image/raster/resampler.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

Bitmap resample(const Bitmap& picture, Box part, Size target) {
  Resampler resampler;
  Bitmap result;
  resampler.start({picture.width(), picture.height()}, part, target, picture.pixel(), result);
  for (int y = 0; y < picture.height(); ++y) {
    const std::vector<std::uint8_t> alone(picture.row(y),
                                          picture.row(y) + picture.stride());  // so that reading past its end is noticed
    resampler.add_row(alone.data());
  }
  return result;
}

Bitmap resample(const Bitmap& picture, Size target) {
  return resample(picture, {0, 0, double(picture.width()), double(picture.height())}, target);
}

double lanczos(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= 3) return 0;
  const double angle = std::numbers::pi * x;
  return 3 * std::sin(angle) * std::sin(angle / 3) / (angle * angle);
}

/// The definition: every source pixel, weighted by its distance in both directions at once.
double ideal(const Bitmap& picture, const Box& part, Size target, int x, int y, int channel) {
  const double step_x = part.width / target.width;
  const double step_y = part.height / target.height;
  const double centre_x = part.x + (x + 0.5) * step_x;
  const double centre_y = part.y + (y + 0.5) * step_y;
  double sum = 0;
  double weights = 0;
  for (int v = 0; v < picture.height(); ++v) {
    const double down = lanczos((v + 0.5 - centre_y) / std::max(step_y, 1.0));
    for (int u = 0; u < picture.width(); ++u) {
      const double weight = down * lanczos((u + 0.5 - centre_x) / std::max(step_x, 1.0));
      sum += weight * picture.at(u, v)[channel];
      weights += weight;
    }
  }
  return std::clamp(sum / weights, 0.0, 255.0);
}

/// Edges and fine detail, different in every channel.
drawn::Colour busy(double u, double v) {
  const auto wave = [](double at) { return 127.5 + 127.5 * std::sin(at); };
  return {u < 0.4 ? 255.0 : 10.0, wave(60 * u + 20 * v), v < 0.6 ? wave(200 * u * v) : 0.0, wave(31 * v)};
}

}  // namespace

TEST_CASE("rows give what the definition gives") {
  struct Case {
    Size source;
    Box part;
    Size target;
  };
  const auto [source, part, target] = GENERATE(
      Case{{61, 47}, {0, 0, 61, 47}, {16, 12}}, Case{{61, 47}, {0, 0, 60.5, 46.25}, {16, 12}},
      Case{{40, 30}, {10, 3.5, 20, 20}, {8, 8}}, Case{{9, 7}, {0, 0, 9, 7}, {31, 20}}, Case{{50, 3}, {0, 0, 50, 3}, {7, 9}},
      Case{{1, 64}, {0, 0, 1, 64}, {1, 16}}, Case{{33, 1}, {0, 0, 33, 1}, {8, 1}});
  const Pixel pixel = GENERATE(Pixel::grey, Pixel::rgb, Pixel::cmyk);
  const Bitmap picture = drawn::draw(source.width, source.height, pixel, busy);
  const Bitmap result = resample(picture, part, target);
  REQUIRE(Size{result.width(), result.height()} == target);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      for (int c = 0; c < channels(pixel); ++c) {
        CAPTURE(x, y, c);
        REQUIRE(result.at(x, y)[c] == Approx(ideal(picture, part, target, x, y, c)).margin(0.75));
      }
    }
  }
}

TEST_CASE("shrinking a lot stays close to the definition") {
  // Waves of about four pixels in the target: what a picture can show of detail.
  const auto waves = [](double u, double v) {
    return drawn::Colour{127 + 100 * std::sin(40 * u), 127 + 100 * std::sin(30 * v), 127 + 100 * std::sin(25 * (u + v)), 255};
  };
  const Size source = GENERATE(Size{500, 400}, Size{317, 255}, Size{1000, 250});
  const Bitmap picture = drawn::draw(source.width, source.height, Pixel::rgb, waves);
  const Size target{25, 20};
  const Bitmap result = resample(picture, target);
  const Box whole{0, 0, double(source.width), double(source.height)};
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        CAPTURE(x, y, c);
        CHECK(int(result.at(x, y)[c]) == Approx(ideal(picture, whole, target, x, y, c)).margin(5));
      }
    }
  }
}

TEST_CASE("one colour stays that colour, of any size") {
  const Size source = GENERATE(Size{1, 1}, Size{2, 3}, Size{129, 1}, Size{1, 2000}, Size{640, 480});
  const Size target = GENERATE(Size{1, 1}, Size{128, 96}, Size{1, 128}, Size{5, 200});
  const Bitmap picture = drawn::draw(source.width, source.height, Pixel::rgba, [](double, double) {
    return drawn::Colour{200, 3, 77, 180};
  });
  const Bitmap result = resample(picture, target);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      const std::uint8_t* at = result.at(x, y);
      REQUIRE((at[0] == 200 && at[1] == 3 && at[2] == 77 && at[3] == 180));
    }
  }
}

TEST_CASE("the same size gives the same pixels") {
  const Bitmap picture = drawn::draw(37, 23, Pixel::rgb, busy);
  const Bitmap result = resample(picture, {37, 23});
  CHECK(std::equal(picture.row(0), picture.row(0) + picture.stride() * 23, result.row(0)));
}

TEST_CASE("what is invisible leaves no fringe at an edge") {
  // Bright where it is seen; black, as most programs write it, where it is not.
  const Pixel pixel = GENERATE(Pixel::rgba, Pixel::grey_alpha);
  const Bitmap picture = drawn::draw(200, 100, pixel, [](double u, double) {
    return u < 0.503 ? drawn::Colour{250, 240, 230, 255} : drawn::Colour{0, 0, 0, 0};
  });
  const Bitmap result = resample(picture, {20, 10});
  const int colours = channels(pixel) - 1;
  int half_seen = 0;
  for (int x = 0; x < 20; ++x) {
    const std::uint8_t* at = result.at(x, 5);
    if (at[colours] == 0) continue;
    if (at[colours] < 255) ++half_seen;
    // A share of alpha that is nearly nothing cannot say a colour exactly.
    const double tolerance = 1 + 255.0 / at[colours];
    CAPTURE(x, int(at[colours]));
    CHECK(at[0] == Approx(250).margin(tolerance));
    if (colours == 3) CHECK(at[2] == Approx(230).margin(tolerance));
  }
  CHECK(half_seen > 0);
}
