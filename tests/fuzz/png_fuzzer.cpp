// PNG files: thumbnails of them; the decoder, with its own way through the usual kinds, against libpng alone.
#include "resizer/image/png/png_decoder.h"
#include "tests/fuzz/plain_decoder.h"
#include "tests/fuzz/png_repair.h"
#include "tests/fuzz/thumbnail_check.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

void check_against_libpng(const std::vector<std::byte>& png) {
  static PngDecoder decoder;
  if (!decoder.open(png, roomy)) return;  // plain_png has no limits
  const auto expected = plain_png(png);
  const auto read = read_all(decoder, png, 8);
  require(read || !expected, "what libpng reads, the decoder does");
  require(expected || !read || has_reserved_codes(png), "what libpng does not read, the decoder does not");
  if (read && expected) require_same(*read, *expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const Wanted wanted(input);
  const int repair = input.below(4);
  std::vector<std::byte> png(input.rest().begin(), input.rest().end());
  if (repair > 0) repair_png(png, repair > 1);
  check_against_libpng(png);
  check_thumbnail(png, wanted);
  return 0;
}
