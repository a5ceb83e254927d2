// EXIF blocks.
#include "resizer/image/raster/exif.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  thumbline::fuzz::Input input(data, size);
  const int orientation = thumbline::exif_orientation(input.rest());
  thumbline::fuzz::require(orientation >= 1 && orientation <= 8, "there are eight orientations");
  return 0;
}
