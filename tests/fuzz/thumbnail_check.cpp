#include "tests/fuzz/thumbnail_check.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "tests/fuzz/plain_decoder.h"
#include "tests/resizer/image/drawn_picture.h"

namespace thumbline::fuzz {
namespace {

/// A thumbnailer, and sound pictures of which it always has to make the same.
class Bench {
 public:
  explicit Bench(const Limits& limits) : thumbnailer_(limits) {
    for (std::size_t i = 0; i < sound_.size(); ++i) expected_.at(i) = made_of(i);
  }

  Result<Thumbnail> make(std::span<const std::byte> picture, const Recipe& recipe) {
    return thumbnailer_.make(picture, recipe);
  }

  void check_that_it_still_works() {
    for (std::size_t i = 0; i < sound_.size(); ++i)
      require(made_of(i) == expected_.at(i), "a broken picture costs only itself");
  }

 private:
  std::vector<std::byte> made_of(std::size_t i) {
    const auto made = thumbnailer_.make(sound_.at(i), {.width = 8, .height = 8});
    require(made.has_value(), "sound pictures have thumbnails");
    return made->bytes;
  }

  Thumbnailer thumbnailer_;
  std::array<drawn::Bytes, 2> sound_{drawn::jpeg(drawn::draw(20, 18, Pixel::rgb), {.progressive = false}),
                                     drawn::png(drawn::draw(12, 10, Pixel::rgba))};
  std::array<std::vector<std::byte>, 2> expected_;
};

int side(Input& input) {
  const int choice = input.byte();
  return 1 + choice * choice * 299 / (255 * 255);  // mostly small ones: they are quicker
}

void check_failure(const Failure& failure) {
  static constexpr std::array documented{Reason::not_an_image, Reason::unsupported_format, Reason::too_many_pixels,
                                         Reason::decode_limit, Reason::truncated,          Reason::corrupt};
  require(std::ranges::find(documented, failure.reason.kind()) != documented.end(), "a failure is one of those documented");
  require(!failure.detail.empty(), "a failure says something");
  require(is_printable(failure.detail), "what a failure says is one line of text");
}

void check_made(const Thumbnail& made, const Recipe& recipe) {
  const bool exact = recipe.fit != Fit::inside;
  require(made.width >= 1 && made.height >= 1, "a thumbnail has pixels");
  require(made.width <= recipe.width && made.height <= recipe.height, "a thumbnail is no larger than wanted");
  require(!exact || (made.width == recipe.width && made.height == recipe.height), "cover, pad and fill are exact");
  require(made.source_width >= 1 && made.source_height >= 1, "the original has pixels");
  const auto source_pixels = static_cast<std::uint64_t>(made.source_width) * static_cast<std::uint64_t>(made.source_height);
  require(source_pixels <= roomy.max_pixels, "the limit holds");
  const bool jpeg = made.kind == ImageKind::jpeg;
  require(jpeg || made.kind == ImageKind::png, "a thumbnail is JPEG or PNG");
  require(recipe.format.value_or(made.kind) == made.kind, "the format is the one wanted");
  const auto decoded = jpeg ? plain_jpeg(made.bytes, 8) : plain_png(made.bytes);
  require(decoded.has_value(), "a thumbnail can be decoded without complaint");
  require(decoded->width() == made.width && decoded->height() == made.height, "a thumbnail is as large as it says");
}

}  // namespace

Wanted::Wanted(Input& input) {
  recipe.width = side(input);
  recipe.height = side(input);
  const int choices = input.byte();
  recipe.fit = static_cast<Fit>(choices & 3);
  recipe.format = std::array<std::optional<ImageKind>, 3>{{{}, ImageKind::jpeg, ImageKind::png}}[(choices >> 2 & 3) % 3];
  recipe.progressive = (choices & 0x10) != 0;
  recipe.enlarge = (choices & 0x20) != 0;
  recipe.tolerance = (choices & 0x40) != 0 ? static_cast<Tolerance>(1 + (choices & 1)) : Tolerance::nothing;
  is_tight = (choices & 0x80) != 0;
  recipe.quality = 1 + input.below(100);
  recipe.background.green = input.byte();
}

void check_thumbnail(std::span<const std::byte> picture, const Wanted& wanted) {
  static Bench roomy_bench(roomy);
  static Bench tight_bench(tight);
  Bench& bench = wanted.is_tight ? tight_bench : roomy_bench;
  const Result<Thumbnail> made = bench.make(picture, wanted.recipe);
  if (made) {
    check_made(*made, wanted.recipe);
  } else {
    check_failure(made.error());
    bench.check_that_it_still_works();
  }
}

Result<Bitmap> read_all(ImageDecoder& decoder, std::span<const std::byte> picture, int eighths) {
  if (const auto header = decoder.open(picture, roomy); !header) return tl::unexpected(header.error());
  const auto format = decoder.start(eighths);
  if (!format) return tl::unexpected(format.error());
  Bitmap whole(format->size.width, format->size.height, format->pixel);
  for (int y = 0; y < whole.height(); ++y) {
    const auto row = decoder.next_row();
    if (!row) return tl::unexpected(row.error());
    std::copy_n(*row, whole.stride(), whole.row(y));
  }
  if (const auto finished = decoder.finish(); !finished) return tl::unexpected(finished.error());
  return whole;
}

void require_same(const Bitmap& one, const Bitmap& other) {
  require(one.width() == other.width() && one.height() == other.height() && one.pixel() == other.pixel(), "sizes are the same");
  const std::size_t bytes = one.stride() * static_cast<std::size_t>(one.height());
  require(std::equal(one.row(0), one.row(0) + bytes, other.row(0)), "pixels are the same");
}

}  // namespace thumbline::fuzz
