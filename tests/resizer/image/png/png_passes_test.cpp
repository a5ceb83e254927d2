#include "resizer/image/png/png_passes.h"

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("the passes of an interlaced picture have all of its pixels once") {
  const Size size = GENERATE(Size{1, 1}, Size{4, 5}, Size{8, 8}, Size{17, 33}, Size{3, 1});
  PngPasses passes;
  passes.start(size, Pixel::grey, 1);
  int pixels = 0;
  for (int pass = 0; pass < PngPasses::count; ++pass) {
    const Size part = passes.pass_size(pass);
    pixels += part.width * part.height;
    const std::vector<std::uint8_t> ones(static_cast<std::size_t>(part.width), 1);
    for (int y = 0; part.width > 0 && y < part.height; ++y) passes.add_row(pass, y, ones.data());
  }
  CHECK(pixels == size.width * size.height);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) CHECK(passes.row(y)[x] == 1);
  }
}

TEST_CASE("what is invisible counts for nothing in a mean") {
  PngPasses passes;
  passes.start({4, 4}, Pixel::grey_alpha, 4);
  REQUIRE(passes.shrunk() == Size{1, 1});
  const std::vector<std::uint8_t> seen{200, 255};
  const std::vector<std::uint8_t> unseen{10, 0, 10, 0, 10, 0, 10, 0};
  passes.add_row(0, 0, seen.data());
  for (const int pass : {3, 5, 6}) {
    for (int y = 0; y < passes.pass_size(pass).height; ++y) passes.add_row(pass, y, unseen.data());
  }
  CHECK(passes.row(0)[0] == 200);
  CHECK(passes.row(0)[1] == 16);  // of 255, a sixteenth
}

TEST_CASE("memory is that of the samples, or of sums") {
  CHECK(PngPasses::memory({16'384, 16'384}, Pixel::rgba, 1) == 4ULL << 28);
  CHECK(PngPasses::memory({16'384, 16'384}, Pixel::rgba, 4) == 1ULL << 28);
  CHECK(PngPasses::memory({9, 9}, Pixel::rgb, 8) == 4 * 3 * 4);
}
