#include <algorithm>
#include <array>

#include "tests/fuzz/seeds.h"
#include "tests/resizer/image/drawn_picture.h"

namespace thumbline::fuzz {
namespace {

using drawn::Bytes;

/// What the thumbnail of the `n`th picture shall be: all fits and formats in turn.
struct Turn {
  explicit Turn(int n) : side(60 + n * 29 % 120), choices(n % 4 | n / 4 % 3 << 2 | n % 5 << 4) {}
  int side, choices;
};

class JpegSeeds {
 public:
  explicit JpegSeeds(Seeds& seeds) : seeds_(seeds) {}

  void add(const Bytes& file) {
    const Turn turn(n_);
    seeds_.add("jpeg", {turn.side, turn.side, turn.choices, 84, 7, n_ % 4, 31, 0, 1, 0, 9, 2, 1, 0, 3, 3, 40, 4, 7, 200}, file);
    ++n_;
  }

 private:
  Seeds& seeds_;
  int n_ = 0;
};

void add_progressive(JpegSeeds& jpegs) {
  const Bitmap picture = drawn::draw(45, 38, Pixel::rgb);
  jpegs.add(drawn::jpeg(picture, {.progressive = true}));
  jpegs.add(drawn::jpeg(picture, {.luma_sampling = {1, 1}, .progressive = true, .restart_rows = 1}));
  jpegs.add(drawn::jpeg(picture, {.progressive = true, .arithmetic = true}));
  jpegs.add(drawn::jpeg(drawn::draw(33, 20, Pixel::grey), {.progressive = true}));
  jpegs.add(drawn::jpeg(drawn::draw(20, 33, Pixel::cmyk), {.progressive = true, .inks = drawn::Inks::adobe_ycck}));
  // Details in bands, some refined; others not at all.
  jpegs.add(drawn::jpeg(picture, {.progressive = true,
                                  .script = {{{0, 1, 2}, 0, 0, 0, 1},
                                             {{0}, 1, 9, 0, 2},
                                             {{0}, 10, 63, 0, 2},
                                             {{1}, 1, 63, 0, 0},
                                             {{0}, 1, 63, 2, 1},
                                             {{0, 1, 2}, 0, 0, 1, 0},
                                             {{0}, 1, 63, 1, 0},
                                             {{2}, 1, 5, 0, 0}}}));
  jpegs.add(drawn::jpeg(picture, {.progressive = true, .script = {{{0}, 0, 0, 0, 0}, {{1}, 0, 0, 0, 0}, {{2}, 0, 0, 0, 0}}}));
}

void add_with_metadata(JpegSeeds& jpegs) {
  const Bitmap picture = drawn::draw(30, 21, Pixel::rgb);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    jpegs.add(drawn::jpeg(picture, {.quality = 60, .exif = drawn::exif_segment(orientation, orientation % 2 == 0)}));
  }
}

void add_damaged(JpegSeeds& jpegs) {
  Bytes whole = drawn::jpeg(drawn::draw(50, 50, Pixel::rgb), {.progressive = true});
  jpegs.add(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2)));
  Bytes trailing = whole;
  trailing.insert(trailing.end(), whole.begin(), whole.end());
  jpegs.add(trailing);
  whole = drawn::jpeg(drawn::draw(50, 50, Pixel::rgb));
  Bytes no_end = whole;
  no_end.resize(no_end.size() - 2);
  no_end.resize(no_end.size() + 20);
  jpegs.add(no_end);
  whole.resize(whole.size() * 3 / 4);
  jpegs.add(whole);
  jpegs.add(drawn::jpeg(drawn::draw(50, 50, Pixel::rgb), {.progressive = true, .script = {{{0, 1, 2}, 0, 0, 0, 0}}}));
}

class PngSeeds {
 public:
  explicit PngSeeds(Seeds& seeds) : seeds_(seeds) {}

  void add(const Bytes& file) {
    const Turn turn(n_++);
    seeds_.add("png", {turn.side, turn.side, turn.choices, 84, 7, 2}, file);
  }

  /// Any kind.
  void add(int colour_type, int depth, bool interlaced, const std::vector<int>& transparent = {}, const Bytes& exif = {}) {
    drawn::PngStyle style;
    style.colour_type = colour_type;
    style.depth = depth;
    style.interlaced = interlaced;
    style.transparent = transparent;
    style.exif = exif;
    const int samples = style.colour_type == 2 ? 3 : style.colour_type == 4 ? 2 : style.colour_type == 6 ? 4 : 1;
    constexpr int width = 21;
    constexpr int height = 13;
    std::vector<int> values(static_cast<std::size_t>(width) * height * static_cast<std::size_t>(samples));
    std::ranges::generate(values, [&, i = 0]() mutable { return i++ * 77 % (1 << style.depth); });
    if (style.colour_type == 3) {
      for (int i = 0; i < 1 << style.depth; ++i) style.palette.push_back({i, 255 - i, i * 5 % 256, 255 - i % 3 * 100});
    }
    add(drawn::png(width, height, style, values));
  }

 private:
  Seeds& seeds_;
  int n_ = 0;
};

Bytes with(const Bytes& png, std::string_view before, const Bytes& chunk) {
  Bytes file = png;
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(drawn::find_chunk(png, before)), chunk.begin(), chunk.end());
  return file;
}

}  // namespace

void add_jpegs(Seeds& seeds) {
  JpegSeeds jpegs(seeds);
  for (const std::array<int, 2> sampling : {std::array{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}}) {
    jpegs.add(drawn::jpeg(drawn::draw(37, 29, Pixel::rgb), {.luma_sampling = sampling}));
  }
  jpegs.add(drawn::jpeg(drawn::draw(1, 1, Pixel::grey)));
  jpegs.add(drawn::jpeg(drawn::draw(64, 3, Pixel::grey)));
  jpegs.add(drawn::jpeg(drawn::draw(300, 200, Pixel::rgb), {.quality = 30}));
  jpegs.add(drawn::jpeg(drawn::draw(24, 24, Pixel::rgb), {.arithmetic = true}));
  jpegs.add(drawn::jpeg(drawn::draw(24, 40, Pixel::rgb), {.one_scan_a_component = true}));
  jpegs.add(drawn::jpeg(drawn::draw(24, 40, Pixel::rgb), {.keep_rgb = true, .restart_rows = 1}));
  for (const drawn::Inks inks : {drawn::Inks::plain, drawn::Inks::adobe_cmyk, drawn::Inks::adobe_ycck}) {
    jpegs.add(drawn::jpeg(drawn::draw(19, 23, Pixel::cmyk), {.inks = inks}));
  }
  add_progressive(jpegs);
  add_with_metadata(jpegs);
  add_damaged(jpegs);
}

void add_pngs(Seeds& seeds) {
  PngSeeds pngs(seeds);
  for (const bool interlaced : {false, true}) {
    for (const int depth : {1, 2, 4, 8, 16}) pngs.add(0, depth, interlaced);
    for (const int depth : {1, 2, 4, 8}) pngs.add(3, depth, interlaced);
    for (const int colour_type : {2, 4, 6}) {
      for (const int depth : {8, 16}) pngs.add(colour_type, depth, interlaced);
    }
  }
  pngs.add(0, 8, false, {77});
  pngs.add(2, 16, false, {77, 154, 231});
  pngs.add(2, 8, false, {}, drawn::exif(6, true));
  const Bytes sound = drawn::png(drawn::draw(40, 30, Pixel::rgba));
  pngs.add(sound);
  pngs.add(with(sound, "IEND", drawn::chunk("tEXt", drawn::exif(3, false))));
  pngs.add(with(sound, "IDAT", drawn::chunk("gAMA", Bytes(4, std::byte{9}))));
  pngs.add(with(sound, "IEND", drawn::chunk("IDAT", {})));
  pngs.add(Bytes(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(sound.size() / 2)));
  const std::size_t end = drawn::find_chunk(sound, "IEND");
  for (const std::size_t missing : {0U, 3U, 6U}) {
    pngs.add(Bytes(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(end - missing)));
  }
  Bytes interlaced = drawn::png(drawn::draw(40, 30, Pixel::rgba), true);
  interlaced.resize(interlaced.size() - 20);
  pngs.add(interlaced);

  // Rows of each filter, of each kind: PngSeeds's choices, then those of png_rows_fuzzer.cpp.
  Bytes rows;
  for (int i = 0; i < 3000; ++i) rows.push_back(static_cast<std::byte>(i * i / 7));
  for (int kind = 0; kind < 15; ++kind) {
    const Turn turn(kind);
    seeds.add("png_rows", {turn.side, turn.side, turn.choices, 84, 7, kind, 11 + kind, 12, kind % 4, 9, kind, 3, kind}, rows);
  }
}

void add_exif_blocks(Seeds& seeds) {
  for (int orientation = 0; orientation <= 9; ++orientation) {
    for (const bool big_endian : {false, true}) seeds.add("exif", {}, drawn::exif(orientation, big_endian));
  }
}

}  // namespace thumbline::fuzz
