#include "resizer/image/jpeg/jpeg_decoder.h"

// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <algorithm>
#include <cmath>
#include <string>

#include "resizer/image/raster/resampler.h"
#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

struct Decoded {
  PictureHeader header;
  RowFormat format;
  Bitmap picture;
};

Result<Decoded> decode(JpegDecoder& decoder, const drawn::Bytes& file, int eighths = 8, const Limits& limits = {}) {
  auto header = decoder.open(file, limits);
  if (!header) return tl::unexpected(header.error());
  auto format = decoder.start(eighths);
  if (!format) return tl::unexpected(format.error());
  Bitmap picture(format->size.width, format->size.height, format->pixel);
  for (int y = 0; y < picture.height(); ++y) {
    auto row = decoder.next_row();
    if (!row) return tl::unexpected(row.error());
    std::copy(*row, *row + picture.stride(), picture.row(y));
  }
  auto finished = decoder.finish();
  if (!finished) return tl::unexpected(finished.error());
  return Decoded{*header, *format, picture};
}

std::string reason(const drawn::Bytes& file, const Limits& limits = {}) {
  JpegDecoder decoder;
  const auto result = decode(decoder, file, 8, limits);
  return result ? "none" : result.error().reason.text();
}

/// The largest difference from the scene, over all samples but those of the two outermost rows and columns.
int worst(const Bitmap& picture, const drawn::Scene& scene) {
  const Bitmap ideal = drawn::draw(picture.width(), picture.height(), picture.pixel(), scene);
  int most = 0;
  for (int y = 2; y < picture.height() - 2; ++y) {
    for (int x = 2; x < picture.width() - 2; ++x) {
      for (int c = 0; c < channels(picture.pixel()); ++c) {
        most = std::max(most, std::abs(picture.at(x, y)[c] - ideal.at(x, y)[c]));
      }
    }
  }
  return most;
}

/// The same by libjpeg alone, which is given all of the file.
Bitmap plainly(const drawn::Bytes& file, int eighths) {
  jpeg_decompress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(file.data()), static_cast<unsigned long>(file.size()));
  jpeg_read_header(&codec, TRUE);
  codec.scale_num = static_cast<unsigned>(eighths);
  codec.scale_denom = 8;
  if (codec.num_components == 4) codec.out_color_space = JCS_CMYK;
  jpeg_start_decompress(&codec);
  static constexpr std::array by_components{Pixel::grey, Pixel::grey_alpha, Pixel::rgb, Pixel::cmyk};
  Bitmap picture(static_cast<int>(codec.output_width), static_cast<int>(codec.output_height),
                 by_components.at(static_cast<std::size_t>(codec.output_components) - 1));
  for (int y = 0; y < picture.height(); ++y) {
    JSAMPROW row = picture.row(y);
    jpeg_read_scanlines(&codec, &row, 1);
    if (codec.num_components == 4) {  // light is stored, not ink
      std::transform(row, row + picture.stride(), row, [](JSAMPLE sample) { return static_cast<JSAMPLE>(255 - sample); });
    }
  }
  jpeg_finish_decompress(&codec);
  jpeg_destroy_decompress(&codec);
  return picture;
}

bool same(const Bitmap& one, const Bitmap& other) {
  return one.width() == other.width() && one.height() == other.height() && one.pixel() == other.pixel() &&
         std::equal(one.row(0), one.row(0) + one.stride() * static_cast<std::size_t>(one.height()), other.row(0));
}

Bitmap halved(const Bitmap& picture) {
  Bitmap half;
  Resampler resampler;
  const Size size{picture.width(), picture.height()};
  resampler.start(size, {0, 0, double(size.width), double(size.height)}, {size.width / 2, size.height / 2}, picture.pixel(),
                  half);
  for (int y = 0; y < size.height; ++y) resampler.add_row(picture.row(y));
  return half;
}

/// The root of the mean square, over all samples.
double difference(const Bitmap& one, const Bitmap& other) {
  const std::size_t count = one.stride() * static_cast<std::size_t>(one.height());
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += std::pow(one.row(0)[i] - other.row(0)[i], 2);
  return std::sqrt(sum / static_cast<double>(count));
}

/// Ways to spread a picture over scans: few, many, refined in parts, means last.
std::vector<drawn::Scan> script(int number, int components) {
  using Scans = std::vector<drawn::Scan>;
  Scans scans{{{}, 0, 0, 0, number == 3 ? 2 : 0}};
  for (int c = 0; c < components; ++c) scans[0].components.push_back(c);
  for (int c = 0; c < components; ++c) {
    const std::array<Scans, 4> details{
        Scans{{{c}, 1, 63, 0, 0}}, Scans{{{c}, 1, 5, 0, 2}, {{c}, 6, 63, 0, 2}, {{c}, 1, 63, 2, 1}, {{c}, 1, 63, 1, 0}},
        Scans{{{c}, 1, 2, 0, 0},
              {{c}, 3, 3, 0, 1},
              {{c}, 4, 11, 0, 1},
              {{c}, 12, 12, 0, 0},
              {{c}, 13, 63, 0, 0},
              {{c}, 3, 4, 1, 0},
              {{c}, 5, 11, 1, 0}},
        Scans{{{c}, 3, 3, 0, 0}, {{c}, 5, 5, 0, 1}, {{c}, 5, 5, 1, 0}, {{c}, 1, 2, 0, 3}, {{c}, 1, 2, 3, 2}}};
    const auto& mine = details.at(static_cast<std::size_t>(number));
    scans.insert(scans.end(), mine.begin(), mine.end());
  }
  if (number == 3) {
    for (const int high : {2, 1}) scans.push_back({scans[0].components, 0, 0, high, high - 1});
  }
  return scans;
}

drawn::Bytes cut(const drawn::Bytes& file, std::size_t length) {
  return {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length)};
}

drawn::Bytes with_size(drawn::Bytes file, int width, int height) {
  const std::size_t frame = drawn::find_marker(file, 0xC0);
  const auto put = [&](std::size_t at, int value) {
    file[frame + at] = static_cast<std::byte>(value >> 8);
    file[frame + at + 1] = static_cast<std::byte>(value & 255);
  };
  put(5, height);
  put(7, width);
  return file;
}

}  // namespace

TEST_CASE("every way to sample, code and order a JPEG shows the same picture") {
  JpegDecoder decoder;
  drawn::JpegStyle style;
  style.luma_sampling = GENERATE(std::array{1, 1}, std::array{2, 1}, std::array{1, 2}, std::array{2, 2}, std::array{4, 1});
  SECTION("baseline") {}
  SECTION("progressive") {
    style.progressive = true;
  }
  SECTION("arithmetic") {
    style.arithmetic = true;
  }
  SECTION("arithmetic, progressive") {
    style.arithmetic = style.progressive = true;
  }
  SECTION("a scan for each component") {
    style.one_scan_a_component = true;
  }
  SECTION("restart markers") {
    style.restart_rows = 1;
  }
  const drawn::Bytes file = drawn::jpeg(drawn::draw(203, 101, Pixel::rgb), style);
  for (const int eighths : {1, 2, 4, 8}) {
    const auto decoded = decode(decoder, file, eighths);
    REQUIRE(decoded);
    CAPTURE(eighths);
    CHECK(decoded->format.size == Size{(203 * eighths + 7) / 8, (101 * eighths + 7) / 8});
    CHECK(decoded->header.size == Size{203, 101});
    const auto scaled = [&](double u, double v) {  // the last rows and columns of a shrunk picture stick out
      return drawn::slopes(u * decoded->format.size.width * 8 / eighths / 203,
                           v * decoded->format.size.height * 8 / eighths / 101);
    };
    // At 1/8 a pixel is 8 steps of red wide, and colours shared by two or four pixels are that much off.
    CHECK(worst(decoded->picture, scaled) <= (eighths == 1 ? 12 : 6));
  }
}

TEST_CASE("leaving out scans does not show in a picture that is halved, and changes none that is not shrunk") {
  const auto textured = [](double u, double v) {
    const double texture = 12 * std::sin(200 * u) * std::sin(150 * v);
    return drawn::Colour{127 + 90 * std::sin(14 * u + 9 * v) + texture, 230 * u + texture, 127 + 90 * std::cos(11 * u - 6 * v),
                         40 + 99 * v};
  };
  const Pixel pixel = GENERATE(Pixel::grey, Pixel::rgb, Pixel::cmyk);
  drawn::JpegStyle style;
  style.progressive = true;
  style.luma_sampling = pixel == Pixel::rgb
                            ? GENERATE(std::array{1, 1}, std::array{2, 1}, std::array{1, 2}, std::array{2, 2}, std::array{4, 2})
                            : std::array{1, 1};
  style.restart_rows = GENERATE(0, 1);
  style.arithmetic = GENERATE(false, true);
  style.script = script(GENERATE(0, 1, 2, 3), channels(pixel));
  const drawn::Bytes file = drawn::jpeg(drawn::draw(256, 160, pixel, textured), style);
  JpegDecoder decoder;
  for (const int eighths : {1, 2, 4, 8}) {
    CAPTURE(eighths);
    const auto decoded = decode(decoder, file, eighths);
    REQUIRE(decoded);
    const Bitmap whole = plainly(file, eighths);
    if (eighths == 8) {
      CHECK(same(decoded->picture, whole));
    } else {
      CHECK(difference(halved(decoded->picture), halved(whole)) < 1.5);
    }
  }
}

TEST_CASE("a progressive JPEG that ends in a scan which is left out is truncated") {
  JpegDecoder decoder;
  const drawn::Bytes file = drawn::jpeg(drawn::draw(64, 48, Pixel::rgb), {.progressive = true});
  const int eighths = GENERATE(1, 2);
  for (std::size_t length = 3; length < file.size(); ++length) {
    CAPTURE(length, file.size());
    const auto result = decode(decoder, cut(file, length), eighths);
    REQUIRE_FALSE(result);
    CHECK(result.error().reason.text() == "truncated");
  }
  CHECK(decode(decoder, file, eighths));
}

TEST_CASE("JPEG without colour differences, and grey ones") {
  JpegDecoder decoder;
  const auto rgb = decode(decoder, drawn::jpeg(drawn::draw(80, 60, Pixel::rgb), {.keep_rgb = true}));
  REQUIRE(rgb);
  CHECK(worst(rgb->picture, drawn::slopes) <= 6);
  const auto grey = decode(decoder, drawn::jpeg(drawn::draw(80, 60, Pixel::grey)));
  REQUIRE(grey);
  CHECK(grey->format.pixel == Pixel::grey);
  CHECK(worst(grey->picture, drawn::slopes) <= 4);
}

TEST_CASE("inks come as inks, however they are stored") {
  JpegDecoder decoder;
  const auto inks = GENERATE(drawn::Inks::plain, drawn::Inks::adobe_cmyk, drawn::Inks::adobe_ycck);
  drawn::JpegStyle style;
  style.inks = inks;
  const auto scene = [](double u, double v) { return drawn::Colour{200 * u, 180 * v, 90, 30 + 60 * u}; };
  const auto decoded = decode(decoder, drawn::jpeg(drawn::draw(80, 60, Pixel::cmyk, scene), style));
  REQUIRE(decoded);
  CHECK(decoded->format.pixel == Pixel::cmyk);
  CHECK(worst(decoded->picture, scene) <= 6);
}

TEST_CASE("the orientation and the profile of a JPEG are found") {
  JpegDecoder decoder;
  drawn::JpegStyle style;
  style.exif = drawn::exif_segment(6, true);
  style.profile = drawn::Bytes(100'000, std::byte{7});  // more than one segment holds
  const drawn::Bytes file = drawn::jpeg(drawn::draw(16, 16, Pixel::rgb), style);
  const auto header = decoder.open(file, {});
  REQUIRE(header);
  CHECK(header->orientation == 6);
  CHECK(header->profile == style.profile);
  const drawn::Bytes plain = drawn::jpeg(drawn::draw(16, 16, Pixel::rgb));
  const auto next = decoder.open(plain, {});
  REQUIRE(next);
  CHECK(next->orientation == 1);
  CHECK(next->profile.empty());
}

TEST_CASE("a JPEG cut anywhere is truncated, and the decoder goes on with the next") {
  drawn::JpegStyle style;
  style.progressive = GENERATE(false, true);
  style.restart_rows = GENERATE(0, 2);
  style.exif = drawn::exif_segment(3, false);
  JpegDecoder decoder;
  const drawn::Bytes file = drawn::jpeg(drawn::draw(64, 48, Pixel::rgb), style);
  for (std::size_t length = 3; length < file.size(); length += length < file.size() - 8 ? 5 : 1) {
    CAPTURE(length, file.size());
    const drawn::Bytes part = cut(file, length);
    const auto result = decode(decoder, part);
    REQUIRE_FALSE(result);
    CHECK(result.error().reason.text() == "truncated");
  }
  CHECK(decode(decoder, file));
}

TEST_CASE("a JPEG is whole where other bytes stand for its end-of-image marker") {
  drawn::JpegStyle style;
  style.progressive = GENERATE(false, true);
  const int eighths = GENERATE(1, 8);
  drawn::Bytes file = drawn::jpeg(drawn::draw(64, 48, Pixel::rgb), style);
  file.resize(file.size() - 2);
  JpegDecoder decoder;
  const auto ends_there = decode(decoder, file, eighths);
  REQUIRE_FALSE(ends_there);
  CHECK(ends_there.error().reason == Reason::truncated);
  file.insert(file.end(), 40, std::byte{' '});
  CHECK(decode(decoder, file, eighths));
}

TEST_CASE("a JPEG in several scans takes no more memory than it has to, and is the same") {
  const auto busy = [](double u, double v) {
    return drawn::Colour{127 + 120 * std::sin(300 * u * v), 255 * u * v, 127 + 99 * std::cos(90 * u), 200 * v};
  };
  drawn::JpegStyle style;
  style.quality = GENERATE(60, 100);
  style.progressive = GENERATE(false, true);
  style.one_scan_a_component = !style.progressive;
  style.luma_sampling = GENERATE(std::array{1, 1}, std::array{2, 2});
  const Pixel pixel = style.progressive ? GENERATE(Pixel::rgb, Pixel::cmyk) : Pixel::rgb;
  const drawn::Bytes file = drawn::jpeg(drawn::draw(500, 310, pixel, busy), style);
  JpegDecoder decoder;
  for (const int eighths : {1, 8}) {
    const auto freely = decode(decoder, file, eighths);
    const auto packed = decode(decoder, file, eighths, {.max_memory = 400'000});  // a byte each would be 465,000
    REQUIRE(freely);
    REQUIRE(packed);
    CHECK(same(freely->picture, packed->picture));
  }
}

TEST_CASE("a JPEG that has only its first scans is smoothed") {
  drawn::JpegStyle style;
  style.progressive = true;
  style.script = {{{0, 1, 2}, 0, 0, 0, 0}};
  const drawn::Bytes means = drawn::jpeg(drawn::draw(160, 120, Pixel::rgb), style);
  JpegDecoder decoder;
  const auto decoded = decode(decoder, means);
  REQUIRE(decoded);
  CHECK(worst(decoded->picture, drawn::slopes) <= 8);  // blocks of eight pixels would be some 12 off
  style.script = {};
  const drawn::Bytes whole = drawn::jpeg(drawn::draw(160, 120, Pixel::rgb), style);
  const auto unchanged = decode(decoder, whole);
  REQUIRE(unchanged);
  CHECK(same(unchanged->picture, plainly(whole, 8)));
}

TEST_CASE("restart markers that are missing or wrong are corrupt, and can be tolerated") {
  drawn::JpegStyle style;
  style.restart_rows = 1;
  drawn::Bytes file = drawn::jpeg(drawn::draw(160, 120, Pixel::rgb), style);
  constexpr std::array restart{std::byte{0xFF}, std::byte{0xD3}};
  const auto place = std::search(file.begin(), file.end(), restart.begin(), restart.end());
  REQUIRE(place != file.end());
  SECTION("missing") {
    file.erase(place, place + 2);
  }
  SECTION("wrong") {
    *(place + 1) = std::byte{0xD6};
  }
  CHECK(reason(file) == "corrupt");
  JpegDecoder decoder;
  REQUIRE(decoder.open(file, {}, Tolerance::damaged));
  REQUIRE(decoder.start(8));
  for (int y = 0; y < 120; ++y) REQUIRE(decoder.next_row());
  const auto finished = decoder.finish();
  REQUIRE_FALSE(finished);
  CHECK(finished.error().reason == Reason::corrupt);
}

TEST_CASE("a profile whose parts have the same number is the first of them") {
  drawn::JpegStyle style;
  style.profile = drawn::Bytes(300, std::byte{7});
  drawn::Bytes file = drawn::jpeg(drawn::draw(16, 16, Pixel::rgb), style);
  const auto segment = file.begin() + static_cast<std::ptrdiff_t>(drawn::find_marker(file, 0xE2));
  const drawn::Bytes again(segment, segment + 2 + 2 + 14 + 300);
  file.insert(segment, again.begin(), again.end());
  JpegDecoder decoder;
  const auto header = decoder.open(file, {});
  REQUIRE(header);
  CHECK(header->profile == style.profile);
}

TEST_CASE("the work of a JPEG in several scans is that of reading them, not of its rows once more") {
  const drawn::Bytes file = drawn::jpeg(drawn::draw(64, 4000, Pixel::grey), {.progressive = true});
  REQUIRE(file.size() < 100'000);
  CHECK(reason(file, {.max_work = 3'000'000}) == "none");
}

TEST_CASE("a small JPEG that takes the work of a large one ends at the limit") {
  drawn::JpegStyle style;
  style.progressive = true;
  style.arithmetic = GENERATE(false, true);
  const drawn::Bytes file = drawn::jpeg(drawn::draw(640, 480, Pixel::rgb), style);
  CHECK(reason(file) == "none");
  CHECK(reason(file, {.max_work = 2'000'000}) == "decode-limit");
  CHECK(reason(drawn::jpeg(drawn::draw(640, 480, Pixel::rgb)), {.max_work = 2'000'000}) == "none");  // its bytes pay for it
}

TEST_CASE("what follows the end of a JPEG does not matter") {
  drawn::Bytes file = drawn::jpeg(drawn::draw(64, 48, Pixel::rgb));
  file.insert(file.end(), 5000, std::byte{0xA5});
  CHECK(reason(file) == "none");
}

TEST_CASE("kinds of JPEG that cannot be decoded are unsupported, not broken") {
  drawn::Bytes file = drawn::jpeg(drawn::draw(64, 48, Pixel::rgb));
  const std::size_t frame = drawn::find_marker(file, 0xC0);
  SECTION("12 bits") {
    file[frame + 4] = std::byte{12};
  }
  SECTION("lossless") {
    file[frame + 1] = std::byte{0xC3};
  }
  SECTION("hierarchical") {
    file[frame + 1] = std::byte{0xC5};
  }
  CHECK(reason(file) == "unsupported-format");
}

TEST_CASE("damaged data are corrupt") {
  drawn::Bytes file = drawn::jpeg(drawn::draw(64, 48, Pixel::rgb));
  SECTION("no quantization table") {
    file[drawn::find_marker(file, 0xDB) + 1] = std::byte{0xEC};
    file[drawn::find_marker(file, 0xDB) + 1] = std::byte{0xEC};
    CHECK(reason(file) == "corrupt");
  }
  SECTION("no code for what comes") {
    const std::size_t scan = drawn::find_marker(file, 0xDA) + 14;
    for (std::size_t i = 0; i < 60; i += 2) {  // only ones: never a code (T.81, C)
      file[scan + i] = std::byte{0xFF};
      file[scan + i + 1] = std::byte{0};
    }
    CHECK(reason(file) == "corrupt");
  }
  SECTION("no height") {
    CHECK(reason(with_size(file, 64, 0)) == "corrupt");
  }
}

TEST_CASE("a JPEG that lacks its tables gets none of the picture before it") {
  const int table = GENERATE(0xDB, 0xC4);  // steps; Huffman codes
  const drawn::Bytes whole = drawn::jpeg(drawn::draw(40, 30, Pixel::rgb), {.progressive = true});
  drawn::Bytes lacking = whole;
  const auto at = lacking.begin() + static_cast<std::ptrdiff_t>(drawn::find_marker(lacking, table));
  at[1] = std::byte{0xFE};  // a comment
  JpegDecoder used;
  REQUIRE(decode(used, whole));
  const auto after_another = decode(used, lacking);
  CHECK((after_another ? "none" : after_another.error().reason.text()) == reason(lacking));
  CHECK(reason(lacking) != "none");
}

TEST_CASE("the header alone is enough to refuse a huge JPEG") {
  const drawn::Bytes file = drawn::jpeg(drawn::draw(64, 48, Pixel::rgb));
  CHECK(reason(with_size(file, 65535, 65535)) == "too-many-pixels");
  CHECK(reason(with_size(file, 20000, 20000)) == "too-many-pixels");
  CHECK(reason(file, {.max_pixels = 64 * 48 - 1}) == "too-many-pixels");
  CHECK(reason(file, {.max_pixels = 64 * 48}) == "none");
}

TEST_CASE("scans and memory have their limits") {
  drawn::JpegStyle style;
  style.progressive = true;
  const drawn::Bytes file = drawn::jpeg(drawn::draw(640, 480, Pixel::rgb), style);
  CHECK(reason(file, {.max_scans = 10}) == "none");  // jpeg_simple_progression() makes ten
  CHECK(reason(file, {.max_scans = 9}) == "decode-limit");
  CHECK(reason(file, {.max_memory = 10'000}) == "decode-limit");
  CHECK(reason(drawn::jpeg(drawn::draw(640, 480, Pixel::rgb)), {.max_memory = 100'000}) == "none");
}

TEST_CASE("a scan that is repeated hundreds of times ends at the limit") {
  drawn::JpegStyle style;
  style.progressive = true;
  drawn::Bytes file = drawn::jpeg(drawn::draw(64, 64, Pixel::grey), style);
  std::size_t last = file.size() - 2;
  while (file[last] != std::byte{0xFF} || file[last + 1] != std::byte{0xDA}) --last;
  const drawn::Bytes scan(file.begin() + static_cast<std::ptrdiff_t>(last), file.end() - 2);
  for (int i = 0; i < 300; ++i) file.insert(file.end() - 2, scan.begin(), scan.end());
  CHECK(reason(file) == "decode-limit");
  JpegDecoder decoder;
  const auto small = decode(decoder, file, 1);  // would be left out
  REQUIRE_FALSE(small);
  CHECK(small.error().reason == Reason::decode_limit);
}
