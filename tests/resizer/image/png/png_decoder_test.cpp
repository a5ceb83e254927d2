#include "resizer/image/png/png_decoder.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

struct Decoded {
  PictureHeader header;
  RowFormat format;
  Bitmap picture;
};

Result<Decoded> decode(PngDecoder& decoder, const drawn::Bytes& file, const Limits& limits = {}, int eighths = 8) {
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
  PngDecoder decoder;
  const auto result = decode(decoder, file, limits);
  return result ? "none" : result.error().reason.text();
}

/// A sample of `depth` bits as one of 8 bits (W3C PNG, 13.12: scaled and rounded).
int in_8_bits(int sample, int depth) {
  return static_cast<int>(std::lround(sample * 255.0 / ((1 << depth) - 1)));
}

/// Samples that differ from one to the next, all over their range.
std::vector<int> pattern(int count, int depth) {
  std::vector<int> samples;
  samples.reserve(static_cast<std::size_t>(count));
  for (unsigned i = 0; i < static_cast<unsigned>(count); ++i) {
    samples.push_back(static_cast<int>((i * 40503 + i * i * 7) & ((1U << depth) - 1)));
  }
  return samples;
}

drawn::Bytes insert_before_data(drawn::Bytes file, const drawn::Bytes& chunk) {
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(drawn::find_chunk(file, "IDAT")), chunk.begin(), chunk.end());
  return file;
}

drawn::Bytes with_size(drawn::Bytes file, std::uint32_t width, std::uint32_t height) {
  for (std::size_t i = 0; i < 4; ++i) {
    file[16 + i] = static_cast<std::byte>(width >> (24 - 8 * i));
    file[20 + i] = static_cast<std::byte>(height >> (24 - 8 * i));
  }
  drawn::seal_chunk(file, 8);
  return file;
}

drawn::Bytes some_png() {
  return drawn::png(drawn::draw(64, 48, Pixel::rgb));
}

}  // namespace

TEST_CASE("every colour type and depth of PNG comes as it was drawn") {
  struct Type {
    int colour_type, depth, samples;
    Pixel pixel;
  };
  const auto [colour_type, depth, size, pixel] = GENERATE(
      Type{0, 1, 1, Pixel::grey}, Type{0, 2, 1, Pixel::grey}, Type{0, 4, 1, Pixel::grey}, Type{0, 8, 1, Pixel::grey},
      Type{0, 16, 1, Pixel::grey}, Type{2, 8, 3, Pixel::rgb}, Type{2, 16, 3, Pixel::rgb}, Type{4, 8, 2, Pixel::grey_alpha},
      Type{4, 16, 2, Pixel::grey_alpha}, Type{6, 8, 4, Pixel::rgba}, Type{6, 16, 4, Pixel::rgba});
  const bool interlaced = GENERATE(false, true);
  const int width = 13;
  const int height = 9;
  drawn::PngStyle style;
  style.colour_type = colour_type;
  style.depth = depth;
  style.interlaced = interlaced;
  const std::vector<int> samples = pattern(width * height * size, depth);
  PngDecoder decoder;
  const drawn::Bytes file = drawn::png(width, height, style, samples);
  const auto decoded = decode(decoder, file);
  REQUIRE(decoded);
  CHECK(decoded->format.pixel == pixel);
  CHECK(decoded->format.size == Size{width, height});
  CAPTURE(colour_type, depth, interlaced);
  for (std::size_t i = 0; i < samples.size(); ++i) REQUIRE(decoded->picture.row(0)[i] == in_8_bits(samples[i], depth));
}

TEST_CASE("palettes of every depth, opaque or not") {
  const int depth = GENERATE(1, 2, 4, 8);
  const bool transparent = GENERATE(false, true);
  drawn::PngStyle style;
  style.colour_type = 3;
  style.depth = depth;
  for (int i = 0; i < 1 << depth; ++i) style.palette.push_back({i, 255 - i, i * 3 % 256, transparent ? i * 5 % 256 : 255});
  const std::vector<int> samples = pattern(11 * 7, depth);
  PngDecoder decoder;
  const drawn::Bytes file = drawn::png(11, 7, style, samples);
  const auto decoded = decode(decoder, file);
  REQUIRE(decoded);
  REQUIRE(decoded->format.pixel == (transparent ? Pixel::rgba : Pixel::rgb));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& colour = style.palette[static_cast<std::size_t>(samples[i])];
    for (int c = 0; c < (transparent ? 4 : 3); ++c) {
      REQUIRE(decoded->picture.at(static_cast<int>(i) % 11, static_cast<int>(i) / 11)[c] ==
              colour.at(static_cast<std::size_t>(c)));
    }
  }
}

TEST_CASE("the one colour that is transparent") {
  struct Case {
    int colour_type, depth;
    std::vector<int> transparent;
    std::vector<int> samples;  // of two pixels, the first transparent
  };
  const auto one = GENERATE(Case{0, 2, {2}, {2, 1}}, Case{0, 8, {77}, {77, 78}}, Case{2, 8, {1, 2, 3}, {1, 2, 3, 1, 2, 4}},
                            Case{0, 16, {1000}, {1000, 1001}},  // in 8 bits they would be the same
                            Case{2, 16, {1, 2, 3}, {1, 2, 3, 1, 2, 4}});
  drawn::PngStyle style;
  style.colour_type = one.colour_type;
  style.depth = one.depth;
  style.transparent = one.transparent;
  PngDecoder decoder;
  const drawn::Bytes file = drawn::png(2, 1, style, one.samples);
  const auto decoded = decode(decoder, file);
  REQUIRE(decoded);
  REQUIRE(has_alpha(decoded->format.pixel));
  const int alpha = channels(decoded->format.pixel) - 1;
  CHECK(decoded->picture.at(0, 0)[alpha] == 0);
  CHECK(decoded->picture.at(1, 0)[alpha] == 255);
}

TEST_CASE("the orientation of a PNG is found") {
  drawn::PngStyle style;
  style.colour_type = 0;
  style.exif = drawn::exif(8, false);
  PngDecoder decoder;
  const drawn::Bytes file = drawn::png(2, 1, style, std::vector{1, 2});
  const auto header = decoder.open(file, {});
  REQUIRE(header);
  CHECK(header->orientation == 8);
}

TEST_CASE("a PNG cut anywhere is truncated, and the decoder goes on with the next") {
  PngDecoder decoder;
  const drawn::Bytes file = drawn::png(drawn::draw(40, 30, Pixel::rgb), GENERATE(false, true));
  for (std::size_t length = 8; length < drawn::find_chunk(file, "IEND"); ++length) {
    const drawn::Bytes part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
    CAPTURE(length, file.size());
    const auto result = decode(decoder, part);
    REQUIRE_FALSE(result);
    CHECK(result.error().reason.text() == "truncated");
  }
  CHECK(decode(decoder, file));
}

TEST_CASE("a PNG whose pixels and their checksums are there is whole, whatever follows them") {
  drawn::Bytes file = drawn::png(drawn::draw(40, 30, Pixel::rgb), GENERATE(false, true));
  const std::size_t end = drawn::find_chunk(file, "IEND");
  SECTION("nothing") {
    file.resize(end);
  }
  SECTION("half an end") {
    file.resize(end + 5);
  }
  SECTION("an end with a wrong checksum") {
    file.back() ^= std::byte{1};
  }
  SECTION("zeros") {
    file.resize(end);
    file.resize(end + 40);
  }
  CHECK(reason(file) == "none");
}

TEST_CASE("of a PNG that is cut every row is read whose bytes are there") {
  const bool interlaced = GENERATE(false, true);
  const Bitmap picture = drawn::draw(40, 30, GENERATE(Pixel::rgb, Pixel::rgba));
  const drawn::Bytes file = drawn::png(picture, interlaced);
  const std::size_t end = drawn::find_chunk(file, "IEND");
  for (const std::size_t missing : {1U, 4U, 5U, 7U}) {  // of the checksums, the chunk's and the data's
    drawn::Bytes part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(end - missing));
    PngDecoder decoder;
    REQUIRE(decoder.open(part, {}, Tolerance::truncated));
    REQUIRE(decoder.start(8));
    for (int y = 0; y < 30; ++y) {
      CAPTURE(missing, y);
      const auto row = decoder.next_row();
      REQUIRE(row);
      CHECK(std::equal(*row, *row + picture.stride(), picture.row(y)));
    }
    const auto finished = decoder.finish();
    REQUIRE_FALSE(finished);
    CHECK(finished.error().reason == Reason::truncated);
  }
}

TEST_CASE("a PNG that is cut in the middle has the rows before") {
  const Bitmap picture = drawn::draw(300, 200, Pixel::rgb, [](double u, double v) {
    return drawn::Colour{127 + 127 * std::sin(2000 * u * v), 127 + 127 * std::cos(3000 * u * v), 99 * u, 0};
  });
  drawn::Bytes file = drawn::png(picture);
  file.resize(file.size() / 2);
  PngDecoder decoder;
  REQUIRE(decoder.open(file, {}, Tolerance::truncated));
  REQUIRE(decoder.start(8));
  int rows = 0;
  while (decoder.next_row()) ++rows;
  CHECK(rows > 80);  // libpng alone, by blocks of 8 KiB, loses ten more
  CHECK(rows < 120);
}

TEST_CASE("a PNG may say that its window is smaller than it is") {
  // Rows that are the same again 2 KB later.
  const Bitmap picture = drawn::draw(700, 60, Pixel::rgb, [](double u, double) {
    return drawn::Colour{127 + 127 * std::sin(9000 * u * u), 127 + 127 * std::cos(7000 * u * u), 127 + 127 * std::sin(500 * u),
                         0};
  });
  drawn::Bytes file = drawn::png(picture, GENERATE(false, true));
  const std::size_t data = drawn::find_chunk(file, "IDAT");
  file[data + 8] = std::byte{0x08};  // 256 bytes (RFC 1950, 2.2)
  file[data + 9] = std::byte{0x1D};
  drawn::seal_chunk(file, data);
  PngDecoder decoder;
  for (const std::size_t memory : {std::size_t{256} << 20, std::size_t{100'000}}) {  // at once, and row by row
    const auto decoded = decode(decoder, file, {.max_memory = memory}, 1);
    REQUIRE(decoded);
    if (decoded->format.eighths == 8) CHECK(std::equal(picture.row(0), picture.row(59), decoded->picture.row(0)));
  }
}

TEST_CASE("a wrong checksum is corrupt, and can be tolerated") {
  drawn::Bytes file = some_png();
  file[drawn::find_chunk(file, "IEND") - 1] ^= std::byte{1};
  CHECK(reason(file) == "corrupt");
  PngDecoder decoder;
  REQUIRE(decoder.open(file, {}, Tolerance::damaged));
  REQUIRE(decoder.start(8));
  for (int y = 0; y < 48; ++y) CHECK(decoder.next_row());
}

TEST_CASE("a filter that there is not is corrupt") {
  const std::uint8_t filter = GENERATE(std::uint8_t{4}, std::uint8_t{5}, std::uint8_t{255});
  drawn::Bytes file = drawn::png(drawn::draw(1, 1, Pixel::grey));
  // One row of one grey sample, stored as it is (RFC 1950, RFC 1951, 3.2.4).
  std::vector<std::uint8_t> data{0x78, 0x01, 0x01, 2, 0, 0xFD, 0xFF, filter, 9};
  const std::uint32_t sum = 1 + filter + 9;
  const std::uint32_t sums = 1 + filter + sum;
  for (const std::uint32_t part : {sums, sum}) {
    data.push_back(static_cast<std::uint8_t>(part >> 8U));
    data.push_back(static_cast<std::uint8_t>(part));
  }
  const auto begin = file.begin() + static_cast<std::ptrdiff_t>(drawn::find_chunk(file, "IDAT"));
  const auto end = file.begin() + static_cast<std::ptrdiff_t>(drawn::find_chunk(file, "IEND"));
  const drawn::Bytes pixels = drawn::chunk("IDAT", std::as_bytes(std::span(data)));
  file.insert(file.erase(begin, end), pixels.begin(), pixels.end());
  CHECK(reason(file) == (filter == 4 ? "none" : "corrupt"));
}

TEST_CASE("a PNG may be higher than a JPEG") {
  const Bitmap picture = drawn::draw(2, 70'000, Pixel::grey);
  PngDecoder decoder;
  const auto decoded = decode(decoder, drawn::png(picture));
  REQUIRE(decoded);
  CHECK(std::equal(picture.row(0), picture.row(69'999), decoded->picture.row(0)));
}

TEST_CASE("a small PNG that takes the work of a large one ends at the limit") {
  const Bitmap blank = drawn::draw(3000, 2000, Pixel::grey, [](double, double) { return drawn::Colour{255, 0, 0, 0}; });
  const drawn::Bytes file = drawn::png(blank, GENERATE(false, true));
  CHECK(reason(file) == "none");
  CHECK(reason(file, {.max_work = 20'000'000}) == "decode-limit");
}

TEST_CASE("what follows the end of a PNG does not matter") {
  drawn::Bytes file = some_png();
  file.insert(file.end(), 5000, std::byte{0xA5});
  CHECK(reason(file) == "none");
}

TEST_CASE("a damaged PNG is corrupt") {
  drawn::Bytes file = some_png();
  SECTION("data") {
    file[drawn::find_chunk(file, "IDAT") + 40] ^= std::byte{1};
  }
  SECTION("checksum of the header") {
    file[29] ^= std::byte{1};
  }
  SECTION("colour type") {
    file[25] = std::byte{5};
    drawn::seal_chunk(file, 8);
  }
  SECTION("depth") {
    file[24] = std::byte{3};
    drawn::seal_chunk(file, 8);
  }
  SECTION("no width") {
    file = with_size(file, 0, 48);
  }
  SECTION("more rows than data") {
    file = with_size(file, 64, 49);
  }
  SECTION("no header") {
    file[12] = std::byte{'J'};
  }
  CHECK(reason(file) == "corrupt");
}

TEST_CASE("the header alone is enough to refuse a huge PNG") {
  const drawn::Bytes file = some_png();
  CHECK(reason(with_size(file, 65535, 65535)) == "too-many-pixels");
  CHECK(reason(with_size(file, 0xFFFFFFFF, 0xFFFFFFFF)) == "too-many-pixels");
  CHECK(reason(with_size(file, 20000, 20000)) == "too-many-pixels");
  CHECK(reason(file, {.max_pixels = 64 * 48 - 1}) == "too-many-pixels");
  CHECK(reason(file, {.max_pixels = 64 * 48}) == "none");
}

TEST_CASE("a PNG that has to be held whole is refused where that takes too much memory") {
  const Bitmap picture = drawn::draw(200, 100, Pixel::rgb);
  const Limits limits{.max_memory = 200 * 100 * 3 - 1};
  CHECK(reason(drawn::png(picture, true), limits) == "decode-limit");
  CHECK(reason(drawn::png(picture, true), {.max_memory = 200 * 100 * 3}) == "none");
  CHECK(reason(drawn::png(picture, false), limits) == "none");
}

TEST_CASE("an interlaced PNG of which less is enough is shrunk on its way into memory") {
  const Pixel pixel = GENERATE(Pixel::grey, Pixel::rgb, Pixel::rgba);
  const Bitmap picture = drawn::draw(203, 501, pixel);
  const drawn::Bytes file = drawn::png(picture, true);
  const int eighths = GENERATE(1, 2);
  const auto all = static_cast<std::size_t>(203 * 501 * channels(pixel));
  PngDecoder decoder;
  const auto decoded = decode(decoder, file, {.max_memory = eighths == 1 ? all / 10 : all / 2}, eighths);
  REQUIRE(decoded);
  REQUIRE(decoded->format.eighths == eighths);
  const int factor = 8 / eighths;
  REQUIRE(decoded->format.size == Size{(203 + factor - 1) / factor, (501 + factor - 1) / factor});
  const Size whole{203 / factor, 501 / factor};  // squares
  for (int y = 0; y < whole.height; ++y) {
    for (int x = 0; x < whole.width; ++x) {
      std::array<double, 4> sums{};
      double weights = 0;
      for (int i = 0; i < factor * factor; ++i) {
        const std::uint8_t* one = picture.at(x * factor + i % factor, y * factor + i / factor);
        const double weight = has_alpha(pixel) ? one[3] : 1;
        weights += weight;
        for (std::size_t c = 0; c < 3; ++c) sums.at(c) += weight * one[static_cast<int>(c) % channels(pixel)];
      }
      const std::uint8_t* mean = decoded->picture.at(x, y);
      if (weights > 0) CHECK(std::abs(mean[0] - sums[0] / weights) <= 0.51);
      if (has_alpha(pixel)) CHECK(std::abs(mean[3] - weights / (factor * factor)) <= 0.51);
    }
  }
}

TEST_CASE("chunks beside the pixels cannot hurt") {
  const drawn::Bytes file = some_png();
  SECTION("text that is no text") {
    CHECK(reason(insert_before_data(file, drawn::chunk("zTXt", drawn::Bytes(2000, std::byte{0})))) == "none");
  }
  SECTION("a broken profile is none") {
    const drawn::Bytes broken = insert_before_data(file, drawn::chunk("iCCP", drawn::Bytes(90, std::byte{'x'})));
    PngDecoder decoder;
    const auto header = decoder.open(broken, {});
    REQUIRE(header);
    CHECK(header->profile.empty());
    CHECK(reason(broken) == "none");
  }
  SECTION("the frames of an animation are not looked at") {
    drawn::Bytes animated = file;
    const drawn::Bytes frame = drawn::chunk("fdAT", drawn::Bytes(3000, std::byte{1}));
    animated.insert(animated.end() - 12, frame.begin(), frame.end());
    CHECK(reason(animated) == "none");
  }
}

TEST_CASE("pixels are the same at once and row by row") {
  struct Kind {
    int colour_type, samples, channels;
  };
  const auto [colour_type, samples, size] = GENERATE(Kind{0, 1, 1}, Kind{2, 3, 3}, Kind{3, 1, 4}, Kind{4, 2, 2}, Kind{6, 4, 4});
  drawn::PngStyle style;
  style.colour_type = colour_type;
  if (colour_type == 3) {
    for (int i = 0; i < 256; ++i) style.palette.push_back({i, 255 - i, i * 3 % 256, i * 5 % 256});
  }
  const int width = GENERATE(1, 2, 3, 57);
  const int height = 80;
  std::vector<int> values = pattern(width * height * samples, 8);
  for (std::size_t i = values.size() / 3; i < values.size(); ++i) values[i] = static_cast<int>(i * i / 700 % 256);  // smooth
  const drawn::Bytes file = drawn::png(width, height, style, values);
  PngDecoder decoder;
  const auto at_once = decode(decoder, file);
  const auto by_rows = decode(decoder, file, {.max_memory = static_cast<std::size_t>(16 * 4 * width)});
  REQUIRE(at_once);
  REQUIRE(by_rows);
  REQUIRE(channels(at_once->format.pixel) == size);
  CHECK(at_once->format.pixel == by_rows->format.pixel);
  const Bitmap& picture = at_once->picture;
  const auto bytes = picture.stride() * static_cast<std::size_t>(height);
  CHECK(std::equal(picture.row(0), picture.row(0) + bytes, by_rows->picture.row(0)));
}

TEST_CASE("data in many chunks, and chunks between them") {
  const drawn::Bytes file = some_png();
  const std::size_t data = drawn::find_chunk(file, "IDAT");
  const std::size_t end = drawn::find_chunk(file, "IEND");
  const auto place = [&](std::size_t at) { return file.begin() + static_cast<std::ptrdiff_t>(at); };
  drawn::Bytes split(file.begin(), place(data));
  const auto add = [&](const drawn::Bytes& chunk) { split.insert(split.end(), chunk.begin(), chunk.end()); };
  std::size_t parts = 0;
  for (std::size_t at = data + 8; at < end - 4; at += 7, ++parts) {
    add(drawn::chunk("IDAT", drawn::Bytes(place(at), place(std::min(at + 7, end - 4)))));
    if (parts % 5 == 0) add(drawn::chunk("IDAT", {}));
  }
  SECTION("whole") {
    add(drawn::chunk("tEXt", drawn::Bytes(9, std::byte{'x'})));
    split.insert(split.end(), place(end), file.end());
    PngDecoder decoder;
    const auto decoded = decode(decoder, split);
    REQUIRE(decoded);
    const Bitmap ideal = drawn::draw(64, 48, Pixel::rgb);
    CHECK(std::equal(ideal.row(0), ideal.row(0) + 64 * 48 * 3, decoded->picture.row(0)));
  }
  SECTION("a wrong checksum in one of them") {
    split[data + 8 + 7] ^= std::byte{1};
    split.insert(split.end(), place(end), file.end());
    CHECK(reason(split) == "corrupt");
  }
  SECTION("no end") {
    CHECK(reason(split) == "none");
  }
}
