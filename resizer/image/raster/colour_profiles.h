#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// CMYK to sRGB without a profile: each ink absorbs its share of the light.
void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, int pixels);

/// Converts colours from an ICC profile to sRGB, grey to grey with the curve of sRGB. Caches the conversions of the last
/// profiles, because pictures of one source often share theirs. Not thread-safe.
class ColourProfiles {
 public:
  ColourProfiles();
  ~ColourProfiles();
  ColourProfiles(const ColourProfiles&) = delete;
  ColourProfiles& operator=(const ColourProfiles&) = delete;

  class Conversion;

  /// The conversion for pixels with this profile. Null if there is no profile, if it is broken, too costly (icc_cost.h) or for
  /// other pixels, or if it makes no difference. Valid until the next call.
  const Conversion* find(std::span<const std::byte> profile, Pixel pixel);

  /// CMYK becomes RGB; other layouts stay the same.
  static void apply(const Conversion& conversion, Bitmap& picture);

 private:
  [[nodiscard]] std::unique_ptr<Conversion> make(std::span<const std::byte> bytes, Pixel pixel) const;

  std::vector<std::unique_ptr<Conversion>> recent_;  ///< most recently used last
  void* context_;                                    ///< lcms2
};

}  // namespace thumbline
