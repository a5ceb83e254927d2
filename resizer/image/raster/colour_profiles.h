#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// Four inks to sRGB where no profile says how they look: each ink takes away its share of the light.
void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, int pixels);

/// Takes colours by their ICC profile to sRGB, grey to grey with the curve of sRGB. Keeps what it made of the last profiles,
/// since the pictures of one source share theirs. For one thread.
class ColourProfiles {
 public:
  ColourProfiles();
  ~ColourProfiles();
  ColourProfiles(const ColourProfiles&) = delete;
  ColourProfiles& operator=(const ColourProfiles&) = delete;

  class Conversion;

  /// What has to be done to pixels with this profile. Nothing (null) where there is no profile, where it is broken, too costly
  /// (icc_cost.h) or not for such pixels, or where it makes no difference. Lives until the next call.
  const Conversion* find(std::span<const std::byte> profile, Pixel pixel);

  /// CMYK becomes RGB; all others stay as they are.
  static void apply(const Conversion& conversion, Bitmap& picture);

 private:
  [[nodiscard]] std::unique_ptr<Conversion> make(std::span<const std::byte> bytes, Pixel pixel) const;

  std::vector<std::unique_ptr<Conversion>> recent_;  ///< last used last
  void* context_;                                    ///< lcms2
};

}  // namespace thumbline
