#pragma once
#include <cstdint>
#include <optional>

#include "common/base/image_kind.h"

namespace thumbline {

/// How a picture is fitted into the requested width and height.
enum class Fit : std::uint8_t {
  inside,  ///< keeps the aspect ratio; as large as fits, so one side is usually smaller; enlarges only with Recipe::enlarge
  cover,   ///< keeps the aspect ratio, crops both ends equally; exactly width × height, enlarges if necessary
  pad,     ///< as `inside`, then a border in the background colour; exactly width × height
  fill,    ///< stretches; exactly width × height, enlarges if necessary
};

/// Which errors in a picture are tolerated: the thumbnail shows what could be decoded.
enum class Tolerance : std::uint8_t {
  nothing,
  truncated,  ///< the file ends early
  damaged,    ///< that, or some data are invalid: restart markers, checksums, codes
};

struct Background {
  std::uint8_t red = 255, green = 255, blue = 255;  ///< sRGB
};

/// How to make a thumbnail. Sizes are in pixels, after the EXIF orientation has been applied.
struct Recipe {
  int width = 128;   ///< 1 to 65,535
  int height = 128;  ///< 1 to 65,535
  Fit fit = Fit::inside;
  std::optional<ImageKind> format = {};  ///< nullopt: depends on the original (ImageFormat::thumbnail)
  int quality = 85;                      ///< of JPEG, 1 to 100
  Background background = {};            ///< behind transparent pixels in formats without alpha; border of Fit::pad
  bool enlarge = false;                  ///< with Fit::inside and Fit::pad: enlarge smaller pictures
  bool progressive = false;              ///< JPEG output
  Tolerance tolerance = Tolerance::nothing;
};

}  // namespace thumbline
