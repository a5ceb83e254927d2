#include "resizer/image/raster/colour_profiles.h"

#include <array>
#include <cmath>

#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"
#include "tests/resizer/image/drawn_profile.h"

using namespace thumbline;

namespace {

/// IEC 61966-2-1.
double srgb(double linear) {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

Bitmap filled(Pixel pixel, const drawn::Colour& colour) {
  return drawn::draw(3, 2, pixel, [&](double, double) { return colour; });
}

}  // namespace

TEST_CASE("colours of another curve become those of sRGB") {
  ColourProfiles profiles;
  const double gamma = GENERATE(1.0, 1.8, 3.0);
  const drawn::Bytes profile = drawn::rgb_profile(gamma);
  const Pixel pixel = GENERATE(Pixel::rgb, Pixel::rgba);
  const auto* conversion = profiles.find(profile, pixel);
  REQUIRE(conversion != nullptr);
  for (const int level : {0, 40, 128, 200, 255}) {
    Bitmap picture = filled(pixel, {double(level), 255, 0, 99});
    ColourProfiles::apply(*conversion, picture);
    CAPTURE(gamma, level);
    const std::uint8_t* at = picture.at(2, 1);
    CHECK(int(at[0]) == Approx(255 * srgb(std::pow(level / 255.0, gamma))).margin(2));
    CHECK(int(at[1]) == Approx(255).margin(1));
    CHECK(int(at[2]) == Approx(0).margin(1));
    if (pixel == Pixel::rgba) CHECK(at[3] == 99);
  }
}

TEST_CASE("a colour of a wider space moves, a neutral one does not") {
  ColourProfiles profiles;
  const auto* conversion = profiles.find(drawn::adobe_rgb(), Pixel::rgb);
  REQUIRE(conversion != nullptr);
  Bitmap green = filled(Pixel::rgb, {120, 200, 110, 0});
  ColourProfiles::apply(*conversion, green);
  CHECK(green.at(0, 0)[0] < 90);  // greener: red goes down
  CHECK(green.at(0, 0)[1] >= 199);
  Bitmap grey = filled(Pixel::rgb, {128, 128, 128, 0});
  ColourProfiles::apply(*conversion, grey);
  CHECK(int(grey.at(0, 0)[0]) == Approx(int(grey.at(0, 0)[1])).margin(1));
  CHECK(int(grey.at(0, 0)[0]) == Approx(255 * srgb(std::pow(128 / 255.0, 563.0 / 256))).margin(2));
}

TEST_CASE("a grey profile leaves grey grey") {
  ColourProfiles profiles;
  const Pixel pixel = GENERATE(Pixel::grey, Pixel::grey_alpha);
  const auto* conversion = profiles.find(drawn::grey_profile(1), pixel);
  REQUIRE(conversion != nullptr);
  Bitmap picture = filled(pixel, {55, 0, 0, 77});
  ColourProfiles::apply(*conversion, picture);
  CHECK(picture.pixel() == pixel);
  CHECK(int(picture.at(1, 1)[0]) == Approx(255 * srgb(55 / 255.0)).margin(2));
  if (pixel == Pixel::grey_alpha) CHECK(picture.at(1, 1)[1] == 77);
}

TEST_CASE("the darkest that a profile has becomes black, by black point compensation (ISO 18619)") {
  ColourProfiles profiles;
  const auto* conversion = profiles.find(drawn::faded_grey_profile(0.05), Pixel::grey);
  REQUIRE(conversion != nullptr);
  for (const auto& [level, expected] : {std::pair(0, 0), std::pair(255, 255)}) {
    Bitmap picture = filled(Pixel::grey, {double(level), 0, 0, 0});
    ColourProfiles::apply(*conversion, picture);
    CHECK(int(picture.at(0, 0)[0]) == Approx(expected).margin(3));
  }
}

TEST_CASE("inks look as their profile says") {
  ColourProfiles profiles;
  const auto* conversion = profiles.find(drawn::inks_of_cyan(), Pixel::cmyk);
  REQUIRE(conversion != nullptr);
  for (const int cyan : {0, 128, 255}) {
    Bitmap picture = filled(Pixel::cmyk, {double(cyan), 255, 255, 255});
    ColourProfiles::apply(*conversion, picture);
    REQUIRE(picture.pixel() == Pixel::rgb);
    const double lightness = 100 - 100 * cyan / 255.0;
    const double luminance = lightness > 8 ? std::pow((lightness + 16) / 116, 3) : lightness / 903.3;  // CIE 15, L*
    CAPTURE(cyan);
    for (int c = 0; c < 3; ++c) CHECK(int(picture.at(0, 0)[c]) == Approx(255 * srgb(luminance)).margin(3));
  }
}

TEST_CASE("a profile that makes no difference, is broken or for other pixels is none") {
  ColourProfiles profiles;
  CHECK(profiles.find({}, Pixel::rgb) == nullptr);
  CHECK(profiles.find(drawn::srgb_profile(), Pixel::rgb) == nullptr);
  CHECK(profiles.find(drawn::Bytes(500, std::byte{3}), Pixel::rgb) == nullptr);
  CHECK(profiles.find(drawn::rgb_profile(1), Pixel::grey) == nullptr);
  CHECK(profiles.find(drawn::rgb_profile(1), Pixel::cmyk) == nullptr);
  CHECK(profiles.find(drawn::grey_profile(1), Pixel::rgb) == nullptr);
  const drawn::Bytes whole = drawn::rgb_profile(1);
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    const drawn::Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    if (const auto* conversion = profiles.find(cut, Pixel::rgb)) {
      Bitmap picture = filled(Pixel::rgb, {1, 2, 3, 0});
      ColourProfiles::apply(*conversion, picture);
    }
  }
}

TEST_CASE("many profiles in turn are each their own") {
  ColourProfiles profiles;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 12; ++i) {
      const double gamma = 1 + i / 10.0;
      const auto* conversion = profiles.find(drawn::rgb_profile(gamma), Pixel::rgb);
      REQUIRE(conversion != nullptr);
      Bitmap picture = filled(Pixel::rgb, {100, 100, 100, 0});
      ColourProfiles::apply(*conversion, picture);
      CHECK(int(picture.at(0, 0)[0]) == Approx(255 * srgb(std::pow(100 / 255.0, gamma))).margin(2));
    }
  }
}

TEST_CASE("without a profile, inks take light away") {
  const auto rgb = [](std::array<std::uint8_t, 4> inks) {
    std::array<std::uint8_t, 3> colour{};
    cmyk_to_rgb(inks.data(), colour.data(), 1);
    return colour;
  };
  CHECK(rgb({0, 0, 0, 0}) == std::array<std::uint8_t, 3>{255, 255, 255});
  CHECK(rgb({255, 0, 0, 0}) == std::array<std::uint8_t, 3>{0, 255, 255});
  CHECK(rgb({0, 0, 0, 255}) == std::array<std::uint8_t, 3>{0, 0, 0});
  CHECK(rgb({51, 102, 0, 51}) == std::array<std::uint8_t, 3>{163, 122, 204});  // 0.8 of 0.8, 0.6 and 1
}
