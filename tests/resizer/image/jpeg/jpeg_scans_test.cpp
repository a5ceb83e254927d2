#include "resizer/image/jpeg/jpeg_scans.h"

#include <algorithm>
#include <array>

#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

std::size_t count_scans(const drawn::Bytes& file) {
  return find_scans(file, 1000).size();
}

using Scales = std::vector<BlockScale>;

/// A component of which the last bits are worth something.
BlockScale coarse(int component, int size) {
  BlockScale scale{component, size, {}};
  scale.steps.fill(255);
  return scale;
}

/// What is left out of a progressive YCbCr file of 4:2:0, from its second scan on.
std::size_t needless(const drawn::Bytes& file, const Scales& scales) {
  const auto scans = find_scans(file, 1000);
  return skippable_scans(scans, scans.at(1).bytes.begin, scales).size();
}

}  // namespace

TEST_CASE("scans are counted without decoding") {
  const Bitmap picture = drawn::draw(90, 70, Pixel::rgb);
  CHECK(count_scans(drawn::jpeg(picture)) == 1);
  CHECK(count_scans(drawn::jpeg(picture, {.restart_rows = 1})) == 1);
  CHECK(count_scans(drawn::jpeg(picture, {.one_scan_a_component = true})) == 3);
  CHECK(count_scans(drawn::jpeg(picture, {.progressive = true})) == 10);  // as jpeg_simple_progression() makes them
  CHECK(count_scans(drawn::jpeg(picture, {.progressive = true, .restart_rows = 1})) == 10);
}

TEST_CASE("what looks like a scan in a segment or behind the end is none") {
  drawn::JpegStyle style;
  style.exif = drawn::jpeg(drawn::draw(8, 8, Pixel::rgb));  // as cameras put a preview there
  drawn::Bytes file = drawn::jpeg(drawn::draw(90, 70, Pixel::rgb), style);
  file.insert(file.end(), style.exif.begin(), style.exif.end());
  CHECK(count_scans(file) == 1);
}

TEST_CASE("a JPEG cut anywhere has the scans that are there") {
  const drawn::Bytes file = drawn::jpeg(drawn::draw(40, 30, Pixel::rgb), {.progressive = true});
  std::size_t last = 0;
  for (std::size_t length = 0; length <= file.size(); ++length) {
    const drawn::Bytes cut(file.begin(),
                           file.begin() + static_cast<std::ptrdiff_t>(length));  // so that reading past its end is noticed
    const std::size_t scans = count_scans(cut);
    CHECK(scans >= last);
    last = scans;
  }
  CHECK(last == 10);
}

TEST_CASE("no more scans are looked for than are asked for") {
  const drawn::Bytes file = drawn::jpeg(drawn::draw(90, 70, Pixel::rgb), {.progressive = true});
  CHECK(find_scans(file, 4).size() == 4);
}

TEST_CASE("scans lie behind each other, and begin with their marker") {
  const drawn::Bytes file = drawn::jpeg(drawn::draw(90, 70, Pixel::rgb), {.progressive = true, .restart_rows = 1});
  std::size_t end = 0;
  for (const JpegScan& scan : find_scans(file, 1000)) {
    CHECK(scan.bytes.begin > end);
    CHECK(file.at(scan.bytes.begin) == std::byte{0xFF});
    CHECK(file.at(scan.bytes.begin + 1) == std::byte{0xDA});
    CHECK(file.at(scan.bytes.end) == std::byte{0xFF});
    end = scan.bytes.end;
  }
  CHECK(end == file.size() - 2);
}

TEST_CASE("whether scans hold everything can be told") {
  const Bitmap picture = drawn::draw(90, 70, Pixel::rgb);
  const std::array components{1, 2, 3};
  const auto whole = find_scans(drawn::jpeg(picture, {.progressive = true}), 1000);
  CHECK(are_complete(whole, components));
  CHECK_FALSE(are_complete(std::span(whole).first(whole.size() - 1), components));
  CHECK_FALSE(are_complete(whole, std::array{1, 2, 3, 4}));
  CHECK(are_complete(find_scans(drawn::jpeg(picture, {.one_scan_a_component = true}), 1000), components));
  CHECK(are_complete(find_scans(drawn::jpeg(picture), 1000), components));
}

TEST_CASE("a scan behind which nothing comes is never left out") {
  drawn::Bytes file = drawn::jpeg(drawn::draw(90, 70, Pixel::rgb), {.progressive = true});
  const std::size_t before = needless(file, {coarse(1, 1), coarse(2, 1), coarse(3, 1)});
  file.resize(file.size() - 2);
  CHECK(find_scans(file, 1000).back().is_open);
  CHECK(needless(file, {coarse(1, 1), coarse(2, 1), coarse(3, 1)}) < before);
}

TEST_CASE("the means alone are needed where a block becomes one sample") {
  // libjpeg's own script has two scans of means; of details four of luma, two of each chroma.
  const drawn::Bytes file = drawn::jpeg(drawn::draw(90, 70, Pixel::rgb), {.progressive = true});
  CHECK(needless(file, {coarse(1, 1), coarse(2, 1), coarse(3, 1)}) == 8);
  CHECK(needless(file, {coarse(1, 1), coarse(2, 2), coarse(3, 2)}) == 4);
}

TEST_CASE("what is finer than the thumbnail is not needed, in space and in value") {
  drawn::JpegStyle style;
  style.progressive = true;
  // Coefficients 0 to 4 are the waves of which a halved picture still shows something where a block becomes two samples.
  style.script = {{{0, 1, 2}, 0, 0, 0, 0}, {{0}, 1, 4, 0, 2}, {{0}, 5, 63, 0, 2}, {{0}, 1, 4, 2, 1}, {{0}, 1, 4, 1, 0}};
  const drawn::Bytes file = drawn::jpeg(drawn::draw(90, 70, Pixel::rgb), style);
  CHECK(needless(file, {coarse(1, 2)}) == 1);
  CHECK(needless(file, {coarse(1, 4)}) == 0);
  BlockScale steps = coarse(1, 2);
  steps.steps.fill(16);  // 32 without the last bit, 64 without the last two
  CHECK(needless(file, {steps}) == 2);
  steps.steps.fill(8);
  CHECK(needless(file, {steps}) == 3);
  steps.size = 4;
  CHECK(needless(file, {steps}) == 1);  // the last bit
}

TEST_CASE("each coefficient is known as well as its own step says") {
  drawn::JpegStyle style;
  style.progressive = true;
  // 1 is the first wave along a row, 2 that along a column.
  style.script = {{{0, 1, 2}, 0, 0, 0, 0}, {{0}, 1, 1, 0, 1},  {{0}, 2, 2, 0, 1}, {{0}, 3, 63, 0, 0},
                  {{1}, 1, 63, 0, 0},      {{2}, 1, 63, 0, 0}, {{0}, 1, 1, 1, 0}, {{0}, 2, 2, 1, 0}};
  const drawn::Bytes file = drawn::jpeg(drawn::draw(90, 70, Pixel::rgb), style);
  const auto scans = find_scans(file, 1000);
  REQUIRE(scans.size() == 8);
  const bool along_row = GENERATE(true, false);
  BlockScale scale{1, 2, {}};
  scale.steps.fill(1);
  scale.steps.at(along_row ? 1 : 8) = 255;  // coarse
  const auto skipped = skippable_scans(scans, scans[1].bytes.begin, std::array{scale});
  const auto is_skipped = [&](const JpegScan& scan) {
    return std::ranges::any_of(
        skipped, [&](const ByteRange& range) { return range.begin <= scan.bytes.begin && scan.bytes.end <= range.end; });
  };
  CHECK(is_skipped(scans[6]) != along_row);
  CHECK(is_skipped(scans[7]) == along_row);
}

TEST_CASE("a scan is kept for those that refine what it has") {
  drawn::JpegStyle style;
  style.progressive = true;
  // Coefficient 5 is not shown by two samples of a block; 4 is.
  style.script = {{{0, 1, 2}, 0, 0, 0, 0}, {{0}, 5, 5, 0, 1},  {{0}, 1, 4, 0, 1},
                  {{0}, 6, 63, 0, 0},      {{1}, 1, 63, 0, 0}, {{2}, 1, 63, 0, 0}};
  const Bitmap picture = drawn::draw(90, 70, Pixel::rgb);
  const Scales halves{coarse(1, 2), coarse(2, 8), coarse(3, 8)};
  CHECK(needless(drawn::jpeg(picture, style), halves) == 2);  // 5, and 6 to 63
  style.script.push_back({{0}, 5, 5, 1, 0});
  CHECK(needless(drawn::jpeg(picture, style), halves) == 3);
  style.script.back() = {{0}, 1, 5, 1, 0};
  CHECK(needless(drawn::jpeg(picture, style), halves) == 1);
}
