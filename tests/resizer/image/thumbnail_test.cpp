#include "resizer/image/thumbnail.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>

#include "resizer/image/raster/geometry.h"
#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

using drawn::Bytes;

Thumbnail made(const Bytes& picture, const Recipe& recipe) {
  Thumbnailer thumbnailer;
  auto result = thumbnailer.make(picture, recipe);
  if (!result) FAIL(result.error().reason.text() << ": " << result.error().detail);
  return std::move(*result);
}

std::string reason(const Bytes& picture, const Recipe& recipe = {}, const Limits& limits = {}) {
  Thumbnailer thumbnailer(limits);
  const auto result = thumbnailer.make(picture, recipe);
  return result ? "none" : result.error().reason.text();
}

/// A PNG thumbnail's pixels; what it says of itself is checked on the way.
Bitmap pixels(const Thumbnail& thumbnail) {
  Bitmap picture = drawn::decode(thumbnail.bytes);
  CHECK(picture.width() == thumbnail.width);
  CHECK(picture.height() == thumbnail.height);
  CHECK(image_kind(thumbnail.bytes) == thumbnail.kind);
  return picture;
}

/// The largest difference from what should be seen, leaving out a border that resampling blunts.
int worst(const Bitmap& picture, const drawn::Scene& scene, int border = 3) {
  const Bitmap ideal = drawn::draw(picture.width(), picture.height(), picture.pixel(), scene);
  int most = 0;
  for (int y = border; y < picture.height() - border; ++y) {
    for (int x = border; x < picture.width() - border; ++x) {
      for (int c = 0; c < channels(picture.pixel()); ++c) {
        most = std::max(most, std::abs(picture.at(x, y)[c] - ideal.at(x, y)[c]));
      }
    }
  }
  return most;
}

/// The stored picture of which `scene` is seen with that EXIF orientation (Exif 2.32, 4.6.4: where row 0 and column 0 are
/// seen).
drawn::Scene stored(int orientation, const drawn::Scene& scene) {
  return [=](double across, double down) {
    switch (orientation) {
      case 2: return scene(1 - across, down);      // top, right
      case 3: return scene(1 - across, 1 - down);  // bottom, right
      case 4: return scene(across, 1 - down);      // bottom, left
      case 5: return scene(down, across);          // left, top
      case 6: return scene(1 - down, across);      // right, top
      case 7: return scene(1 - down, 1 - across);  // right, bottom
      case 8: return scene(down, 1 - across);      // left, bottom
      default: return scene(across, down);
    }
  };
}

const Recipe to_png{.format = ImageKind::png};

}  // namespace

TEST_CASE("a thumbnail shows its picture, from every size") {
  const Size source =
      GENERATE(Size{640, 480}, Size{479, 641}, Size{2000, 300}, Size{131, 129}, Size{128, 127}, Size{1031, 1033});
  const bool jpeg = GENERATE(true, false);
  const Bitmap picture = drawn::draw(source.width, source.height, Pixel::rgb);
  const Thumbnail thumbnail =
      made(jpeg ? drawn::jpeg(picture, {.progressive = source.width % 2 == 1}) : drawn::png(picture), to_png);
  CHECK(Size{thumbnail.width, thumbnail.height} == fit_inside(source, {128, 128}));
  CHECK(Size{thumbnail.source_width, thumbnail.source_height} == source);
  CHECK(worst(pixels(thumbnail), drawn::slopes) <= (jpeg ? 6 : 1));
}

TEST_CASE("a picture that fits stays as it is") {
  const Bitmap picture = drawn::draw(60, 33, Pixel::rgba, [](double u, double v) {
    return drawn::Colour{255 * u, 255 * v, 9, 200};
  });
  const Bitmap thumbnail = pixels(made(drawn::png(picture), {}));
  REQUIRE(thumbnail.pixel() == Pixel::rgba);
  CHECK(std::equal(picture.row(0), picture.row(0) + 60 * 33 * 4, thumbnail.row(0)));
}

TEST_CASE("the thinnest pictures keep a pixel") {
  const Size source = GENERATE(Size{1, 20000}, Size{20000, 1}, Size{1, 1}, Size{2, 3}, Size{1, 129});
  const Bitmap picture = drawn::draw(source.width, source.height, Pixel::rgb);
  const bool fits = source.width <= 128 && source.height <= 128;
  const Size expected = fits ? source : fit_inside(source, {128, 128});
  for (const Bytes& file : {drawn::png(picture), drawn::png(picture, true), drawn::jpeg(picture, {.luma_sampling = {1, 1}})}) {
    const Thumbnail thumbnail = made(file, to_png);
    CHECK(Size{thumbnail.width, thumbnail.height} == expected);
    CHECK(worst(pixels(thumbnail), drawn::slopes, 0) <= 8);
  }
}

TEST_CASE("every orientation is turned upright, in every fit") {
  const int orientation = GENERATE(range(1, 9));
  const Fit fit = GENERATE(Fit::inside, Fit::fill, Fit::pad);
  const bool swap = orientation >= 5;
  const Bitmap picture = drawn::draw(swap ? 300 : 400, swap ? 400 : 300, Pixel::rgb, stored(orientation, drawn::slopes));
  drawn::JpegStyle style;
  style.exif = drawn::exif_segment(orientation, orientation % 2 == 0);
  const Recipe recipe{.width = 100, .height = 75, .fit = fit, .format = ImageKind::png};
  const Thumbnail thumbnail = made(drawn::jpeg(picture, style), recipe);
  CAPTURE(orientation);
  CHECK(Size{thumbnail.width, thumbnail.height} == Size{100, 75});
  CHECK(Size{thumbnail.source_width, thumbnail.source_height} == Size{picture.width(), picture.height()});
  CHECK(worst(pixels(thumbnail), drawn::slopes) <= 6);
}

TEST_CASE("a PNG with an orientation is turned too") {
  const Bitmap picture = drawn::draw(40, 20, Pixel::grey, stored(6, drawn::slopes));
  const std::vector<int> samples(picture.row(0), picture.row(0) + 40 * 20);
  drawn::PngStyle style;
  style.colour_type = 0;
  style.exif = drawn::exif(6, true);
  Bytes file = drawn::png(40, 20, style, samples);
  SECTION("the orientation before the pixels") {}
  SECTION("behind them") {
    const std::size_t at = drawn::find_chunk(file, "eXIf");
    file.erase(file.begin() + static_cast<std::ptrdiff_t>(at),
               file.begin() + static_cast<std::ptrdiff_t>(drawn::find_chunk(file, "IDAT")));
    const Bytes chunk = drawn::chunk("eXIf", style.exif);
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(drawn::find_chunk(file, "IEND")), chunk.begin(), chunk.end());
  }
  const Thumbnail thumbnail = made(file, {});
  CHECK(Size{thumbnail.width, thumbnail.height} == Size{20, 40});
  CHECK(worst(pixels(thumbnail), drawn::slopes, 0) == 0);
}

TEST_CASE("junk around a picture changes nothing") {
  const Bitmap picture = drawn::draw(300, 200, Pixel::rgb);
  for (const Bytes& file : {drawn::jpeg(picture), drawn::jpeg(picture, {.progressive = true}), drawn::png(picture)}) {
    Bytes surrounded{std::byte{'\r'}, std::byte{'\n'}};
    surrounded.insert(surrounded.end(), file.begin(), file.end());
    surrounded.insert(surrounded.end(), 5000, std::byte{0xD8});
    CHECK(made(surrounded, to_png).bytes == made(file, to_png).bytes);
  }
}

TEST_CASE("cover shows the middle, also of a turned picture") {
  const int orientation = GENERATE(1, 3, 6, 7);
  const bool swap = orientation >= 5;
  const Bitmap picture = drawn::draw(swap ? 300 : 600, swap ? 600 : 300, Pixel::rgb, stored(orientation, drawn::slopes));
  drawn::JpegStyle style;
  style.exif = drawn::exif_segment(orientation, true);
  const Thumbnail thumbnail = made(drawn::jpeg(picture, style), {.fit = Fit::cover, .format = ImageKind::png});
  CHECK(Size{thumbnail.width, thumbnail.height} == Size{128, 128});
  CHECK(worst(pixels(thumbnail), [](double u, double v) { return drawn::slopes(0.25 + u / 2, v); }) <= 6);
}

TEST_CASE("cover, pad and fill are exactly the wanted size, also of smaller pictures") {
  const Fit fit = GENERATE(Fit::cover, Fit::pad, Fit::fill);
  const Size source = GENERATE(Size{1, 1}, Size{50, 30}, Size{500, 30}, Size{1, 900}, Size{800, 600});
  const Bytes file = drawn::png(drawn::draw(source.width, source.height, Pixel::rgb));
  const Thumbnail thumbnail = made(file, {.width = 90, .height = 120, .fit = fit});
  CHECK(pixels(thumbnail).width() == 90);
  CHECK(pixels(thumbnail).height() == 120);
}

TEST_CASE("padding lies on both sides, in the background's colour") {
  const Bytes file = drawn::png(drawn::draw(300, 150, Pixel::rgb, [](double, double) { return drawn::Colour{5, 6, 7, 255}; }));
  const Bitmap picture = pixels(made(file, {.width = 100, .height = 100, .fit = Fit::pad, .background = {200, 100, 50}}));
  const auto colour = [&](int y) {
    return std::array<int, 3>{picture.at(50, y)[0], picture.at(50, y)[1], picture.at(50, y)[2]};
  };
  CHECK(colour(24) == std::array{200, 100, 50});
  CHECK(colour(25) == std::array{5, 6, 7});
  CHECK(colour(74) == std::array{5, 6, 7});
  CHECK(colour(75) == std::array{200, 100, 50});
}

TEST_CASE("smaller pictures grow only where they are asked to") {
  const Bytes file = drawn::png(drawn::draw(64, 32, Pixel::rgb));
  CHECK(made(file, {}).width == 64);
  CHECK(made(file, {.enlarge = true}).width == 128);
  CHECK(made(file, {.enlarge = true}).height == 64);
}

TEST_CASE("the kind of the output follows the bytes, or the recipe") {
  const Bytes jpeg = drawn::jpeg(drawn::draw(200, 100, Pixel::rgb));
  const Bytes png = drawn::png(drawn::draw(200, 100, Pixel::rgba));
  CHECK(made(jpeg, {}).kind == ImageKind::jpeg);
  CHECK(made(png, {}).kind == ImageKind::png);
  CHECK(made(jpeg, {.format = ImageKind::png}).kind == ImageKind::png);
  const Thumbnail thumbnail = made(png, {.format = ImageKind::jpeg});
  CHECK(thumbnail.kind == ImageKind::jpeg);
  CHECK(worst(pixels(thumbnail), drawn::slopes) <= 8);
}

TEST_CASE("the thumbnail of a grey picture is grey") {
  const bool jpeg = GENERATE(true, false);
  const ImageKind format = GENERATE(ImageKind::jpeg, ImageKind::png);
  const Bitmap picture = drawn::draw(300, 200, Pixel::grey);
  CHECK(pixels(made(jpeg ? drawn::jpeg(picture) : drawn::png(picture), {.format = format})).pixel() == Pixel::grey);
}

TEST_CASE("transparent stays transparent in PNG, and shows the background in JPEG") {
  const Bitmap picture = drawn::draw(400, 400, Pixel::rgba, [](double u, double) {
    return u < 0.5 ? drawn::Colour{0, 0, 0, 0} : drawn::Colour{10, 200, 30, 255};
  });
  const Bytes file = drawn::png(picture);
  const Bitmap kept = pixels(made(file, {}));
  REQUIRE(kept.pixel() == Pixel::rgba);
  CHECK(kept.at(30, 64)[3] == 0);
  CHECK(kept.at(100, 64)[3] == 255);
  const Bitmap laid = pixels(made(file, {.format = ImageKind::jpeg, .background = {0, 0, 255}}));
  CHECK(int(laid.at(30, 64)[0]) == Approx(0).margin(4));
  CHECK(int(laid.at(30, 64)[2]) == Approx(255).margin(4));
  CHECK(int(laid.at(100, 64)[1]) == Approx(200).margin(4));
}

TEST_CASE("inks become the colours they look like") {
  const auto style = GENERATE(drawn::Inks::plain, drawn::Inks::adobe_cmyk, drawn::Inks::adobe_ycck);
  const auto inks = [](double u, double) { return drawn::Colour{255 * u, 0, 128, 51}; };
  const Bytes file = drawn::jpeg(drawn::draw(300, 200, Pixel::cmyk, inks), {.inks = style});
  const auto seen = [](double u, double) { return drawn::Colour{255 * (1 - u) * 0.8, 255 * 0.8, 127 * 0.8, 255}; };
  CHECK(worst(pixels(made(file, to_png)), seen) <= 6);
}

TEST_CASE("a better quality is closer and larger; progressive output is progressive") {
  const auto busy = [](double u, double v) { return drawn::Colour{127 + 127 * std::sin(90 * u * v), 255 * u, 200 * v, 255}; };
  const Bytes file = drawn::png(drawn::draw(400, 300, Pixel::rgb, busy));
  const Bitmap lossless = pixels(made(file, {}));
  const auto error = [&](const Thumbnail& thumbnail) {
    const Bitmap picture = pixels(thumbnail);
    double sum = 0;
    for (std::size_t i = 0; i < lossless.stride() * 96; ++i) sum += std::abs(lossless.row(0)[i] - picture.row(0)[i]);
    return sum;
  };
  const Thumbnail low = made(file, {.format = ImageKind::jpeg, .quality = 30});
  const Thumbnail high = made(file, {.format = ImageKind::jpeg, .quality = 95});
  CHECK(low.bytes.size() < high.bytes.size());
  CHECK(error(low) > error(high));
  CHECK(drawn::find_marker(high.bytes, 0xC0) > 0);
  CHECK(drawn::find_marker(made(file, {.format = ImageKind::jpeg, .progressive = true}).bytes, 0xC2) > 0);
}

TEST_CASE("nothing of the picture's metadata is left") {
  drawn::JpegStyle style;
  style.exif = drawn::exif_segment(6, true);
  style.profile = Bytes(3000, std::byte{'p'});
  const Thumbnail thumbnail = made(drawn::jpeg(drawn::draw(200, 100, Pixel::rgb), style), {});
  const std::string_view text(reinterpret_cast<const char*>(thumbnail.bytes.data()), thumbnail.bytes.size());
  CHECK(text.find("Exif") == text.npos);
  CHECK(text.find("ICC_PROFILE") == text.npos);
}

TEST_CASE("what is no picture, or none that can be decoded, says so") {
  const auto bytes = [](std::string_view text) {
    const auto* data = reinterpret_cast<const std::byte*>(text.data());
    return Bytes(data, data + text.size());
  };
  CHECK(reason({}) == "not-an-image");
  CHECK(reason(bytes("<!DOCTYPE html><title>not found</title>")) == "not-an-image");
  CHECK(reason(bytes("\xff\xd8")) == "not-an-image");
  CHECK(reason(bytes("GIF89a\x10")) == "unsupported-format");
  CHECK(reason(bytes("RIFF\x10\x10\x10\x10WEBPVP8 ")) == "unsupported-format");
  CHECK(reason(bytes("\xff\xd8\xff")) == "truncated");
  CHECK(reason(bytes("\x89PNG\r\n\x1a\n")) == "truncated");
}

TEST_CASE("the limits hold, and the next picture is made") {
  Thumbnailer thumbnailer({.max_pixels = 10'000});
  const Bytes large = drawn::png(drawn::draw(101, 100, Pixel::grey));
  const Bytes small = drawn::png(drawn::draw(100, 100, Pixel::grey));
  const auto refused = thumbnailer.make(large, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == Reason::too_many_pixels);
  CHECK(thumbnailer.make(small, {}));
}

TEST_CASE("a truncated picture fails, or shows what is there where that is wanted") {
  const bool jpeg = GENERATE(true, false);
  const bool whole_at_once = GENERATE(true, false);  // progressive, interlaced
  const auto noise = [](double u, double v) {        // does not compress: the data of a row lie where the row is
    const double value = std::sin(12.9898 * u + 78.233 * v) * 43758.5453;
    const double grain = 255 * (value - std::floor(value));
    return drawn::Colour{grain, 255 - grain, 128 + grain / 3, 255};
  };
  const Bitmap picture = drawn::draw(300, 300, Pixel::rgb, noise);
  Bytes file = jpeg ? drawn::jpeg(picture, {.progressive = whole_at_once}) : drawn::png(picture, whole_at_once);
  const Bitmap complete = pixels(made(file, to_png));
  file.resize(file.size() * 3 / 4);
  CHECK(reason(file) == "truncated");
  const Bitmap partial = pixels(made(file, {.format = ImageKind::png, .tolerance = Tolerance::truncated}));
  REQUIRE(partial.width() == complete.width());
  REQUIRE(partial.height() == complete.height());
  if (!whole_at_once) CHECK(std::equal(complete.row(0), complete.row(40), partial.row(0)));
  file.resize(30);  // in the header
  CHECK(reason(file, {.tolerance = Tolerance::truncated}) == "truncated");
}

TEST_CASE("one thumbnailer makes the same as a new one each time") {
  Thumbnailer kept;
  drawn::JpegStyle inks;
  inks.inks = drawn::Inks::adobe_cmyk;
  const Bytes large = drawn::png(drawn::draw(700, 500, Pixel::rgba));
  Bytes broken = drawn::jpeg(drawn::draw(300, 200, Pixel::rgb));
  broken.resize(broken.size() / 2);
  const std::array files{large,
                         drawn::jpeg(drawn::draw(500, 700, Pixel::rgb), {.progressive = true}),
                         broken,
                         drawn::jpeg(drawn::draw(90, 300, Pixel::cmyk), inks),
                         drawn::png(drawn::draw(200, 100, Pixel::grey), true),
                         drawn::jpeg(drawn::draw(200, 100, Pixel::grey)),
                         large};
  for (const bool progressive : {true, false}) {
    for (const Bytes& file : files) {
      const Recipe recipe{.progressive = progressive};
      Thumbnailer fresh;
      const auto expected = fresh.make(file, recipe);
      const auto result = kept.make(file, recipe);
      REQUIRE(result.has_value() == expected.has_value());
      if (result) CHECK(result->bytes == expected->bytes);
    }
  }
}
