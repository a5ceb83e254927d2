#include "resizer/image/raster/icc_cost.h"

#include <string>
#include <vector>

#include "resizer/image/thumbnail.h"
#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"
#include "tests/resizer/image/drawn_profile.h"

using namespace thumbline;

namespace {

std::string big_endian(std::size_t value, int length) {
  std::string text;
  for (int i = length - 1; i >= 0; --i) text.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  return text;
}

std::string u16(std::size_t value) {
  return big_endian(value, 2);
}
std::string u32(std::size_t value) {
  return big_endian(value, 4);
}

std::string type(const char* signature) {
  return signature + u32(0);
}

drawn::Bytes as_bytes(const std::string& text) {
  const auto* start = reinterpret_cast<const std::byte*>(text.data());
  return {start, start + text.size()};
}

/// A monitor's profile (ICC.1:2010, 7.2) with this as its D2B1 tag.
drawn::Bytes profile_with(const std::string& tag) {
  const std::string tags = u32(1) + "D2B1" + u32(144) + u32(tag.size());
  std::string head = u32(144 + tag.size()) + u32(0) + u32(0x0430'0000) + "mntrRGB XYZ ";
  head.append(12, '\0').append("acsp");
  head.resize(128, '\0');
  return as_bytes(head + tags + tag);
}

/// mpet: `count` elements, all of them this one.
std::string elements(std::size_t count, const std::string& element) {
  std::string table;
  for (std::size_t i = 0; i < count; ++i) table += u32(16 + 8 * count) + u32(element.size());
  return type("mpet") + u16(3) + u16(3) + u32(count) + table + element;
}

/// cvst: three channels that share a curve of one formula.
std::string curves() {
  const std::string curve = type("curf") + u16(1) + u16(0) + type("parf") + u16(0) + u16(0) + std::string(16, '\0');
  std::string table;
  for (int channel = 0; channel < 3; ++channel) table += u32(36) + u32(curve.size());
  return type("cvst") + u16(3) + u16(3) + table + curve;
}

/// clut: floats, `points` in each direction.
std::string table(std::size_t inputs, std::size_t points, std::size_t floats) {
  std::string grid(inputs, static_cast<char>(points));
  grid.resize(16, '\0');
  return type("clut") + u16(inputs) + u16(3) + grid + std::string(floats * 4, '\0');
}

}  // namespace

TEST_CASE("profiles as they are made are affordable") {
  CHECK(is_affordable(drawn::srgb_profile()));
  CHECK(is_affordable(drawn::rgb_profile(1.8)));
  CHECK(is_affordable(drawn::grey_profile(1.8)));
  CHECK(is_affordable(drawn::inks_of_cyan()));
  CHECK(is_affordable(profile_with(elements(2, curves()))));
  CHECK(is_affordable(profile_with(elements(1, table(3, 5, 375)))));
}

TEST_CASE("a profile in which a few bytes stand for many curves is not affordable") {
  CHECK(is_affordable(profile_with(elements(2, curves()))));
  CHECK_FALSE(is_affordable(profile_with(elements(40, curves()))));
  CHECK_FALSE(is_affordable(profile_with(elements(100'000, curves()))));
}

TEST_CASE("a profile in which the same samples are read over and over is not affordable") {
  const std::string samples = type("samf") + u32(5'000) + std::string(20'000, '\0');
  const std::string curve = type("curf") + u16(1) + u16(0) + samples;
  std::string offsets;
  for (int channel = 0; channel < 3; ++channel) offsets += u32(36) + u32(curve.size());
  const std::string set = type("cvst") + u16(3) + u16(3) + offsets + curve;
  CHECK(is_affordable(profile_with(elements(1, set))));
  CHECK_FALSE(is_affordable(profile_with(elements(4, set))));
}

TEST_CASE("a table of many dimensions is not affordable") {
  CHECK(is_affordable(profile_with(elements(1, table(6, 2, 3 * 64)))));
  CHECK_FALSE(is_affordable(profile_with(elements(1, table(12, 2, 3 * 4096)))));
}

TEST_CASE("what leads out of a profile is not followed") {
  CHECK_FALSE(is_affordable(profile_with(elements(1, table(3, 5, 374)))));
  CHECK_FALSE(is_affordable(profile_with(elements(1, table(16, 255, 16)))));
  CHECK_FALSE(is_affordable(profile_with(type("mpet") + u16(3) + u16(3) + u32(0xFFFF'FFFF))));
  CHECK_FALSE(is_affordable(profile_with(type("mpet") + u16(3) + u16(3) + u32(1) + u32(0xFFFF'FFF0) + u32(0x20))));
  CHECK_FALSE(is_affordable(profile_with(type("curv") + u32(0x7FFF'FFFF))));
  CHECK_FALSE(is_affordable(profile_with(type("mAB ") + "\3\3" + u16(0) + u32(0xFFFF'FFF0) + std::string(16, '\0'))));
}

TEST_CASE("any beginning of a profile can be looked at") {
  const drawn::Bytes whole = drawn::inks_of_cyan();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const drawn::Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    is_affordable(part);
  }
  CHECK_FALSE(is_affordable(drawn::Bytes{}));
}

TEST_CASE("limits are taken at their word") {
  const drawn::Bytes profile = drawn::inks_of_cyan();
  CHECK(is_affordable(profile, {.bytes = profile.size()}));
  CHECK_FALSE(is_affordable(profile, {.bytes = profile.size() - 1}));
  CHECK_FALSE(is_affordable(profile, {.tags = 1}));
  CHECK_FALSE(is_affordable(profile, {.work = 16}));
}

TEST_CASE("a picture whose profile costs too much is taken for one without") {
  const Bitmap picture = drawn::draw(64, 48, Pixel::rgb);
  Thumbnailer thumbnailer;
  const auto plain = thumbnailer.make(drawn::jpeg(picture), {.width = 16, .height = 16});
  const auto costly =
      thumbnailer.make(drawn::jpeg(picture, {.profile = profile_with(elements(1'000, curves()))}), {.width = 16, .height = 16});
  REQUIRE(plain.has_value());
  REQUIRE(costly.has_value());
  CHECK(plain->bytes == costly->bytes);
}
