// ICC profiles, for each kind of pixel.
#include <array>

#include "resizer/image/raster/colour_profiles.h"
#include "tests/fuzz/thumbnail_check.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

constexpr std::array pixels{Pixel::grey, Pixel::grey_alpha, Pixel::rgb, Pixel::rgba, Pixel::cmyk};

/// The corners of the colours' space, and what lies between.
Bitmap colours(Pixel pixel) {
  Bitmap picture(9, 9, pixel);
  const std::size_t samples = picture.stride() * static_cast<std::size_t>(picture.height());
  for (std::size_t i = 0; i < samples; ++i) {
    const std::size_t at = i / static_cast<std::size_t>(channels(pixel));
    const std::size_t channel = i % static_cast<std::size_t>(channels(pixel));
    picture.row(0)[i] = static_cast<std::uint8_t>(at < 16 ? 255 * (at >> channel & 1) : at * 37 + channel * 101);
  }
  return picture;
}

bool same_alpha(const Bitmap& one, const Bitmap& other) {
  const int alpha = channels(one.pixel()) - 1;
  for (int y = 0; y < one.height(); ++y) {
    for (int x = 0; x < one.width(); ++x) {
      if (one.at(x, y)[alpha] != other.at(x, y)[alpha]) return false;
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ColourProfiles profiles;
  Input input(data, size);
  const Pixel pixel = pixels.at(static_cast<std::size_t>(input.below(pixels.size())));
  const auto* conversion = profiles.find(input.rest(), pixel);
  if (conversion == nullptr) return 0;
  const Bitmap before = colours(pixel);
  Bitmap after = before;
  ColourProfiles::apply(*conversion, after);
  require(after.width() == before.width() && after.height() == before.height(), "colours are converted, sizes are not");
  require(after.pixel() == (pixel == Pixel::cmyk ? Pixel::rgb : pixel), "inks become RGB, all others stay");
  require(!has_alpha(pixel) || same_alpha(before, after), "alpha stays as it is");
  require(profiles.find(input.rest(), pixel) == conversion, "a profile is known again");
  Bitmap again = before;
  ColourProfiles::apply(*conversion, again);
  require_same(after, again);
  return 0;
}
