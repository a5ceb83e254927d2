#pragma once
#include <cstdint>
#include <optional>

#include "common/base/image_kind.h"

namespace thumbline {

/// How a picture comes into the wanted width and height.
enum class Fit : std::uint8_t {
  inside,  ///< keeps the aspect; as large as fits, so one side is usually smaller; never enlarges unless asked to
  cover,   ///< keeps the aspect, cuts what sticks out at both ends; exactly width × height, also of smaller pictures
  pad,     ///< as `inside`, then a border of the background; exactly width × height
  fill,    ///< stretches; exactly width × height, also of smaller pictures
};

/// What is wrong with a picture of which a thumbnail is made all the same, as far as it goes.
enum class Tolerance : std::uint8_t {
  nothing,
  truncated,  ///< it ends early
  damaged,    ///< that, or some of its data are wrong: restart markers, checksums, codes
};

struct Background {
  std::uint8_t red = 255, green = 255, blue = 255;  ///< sRGB
};

/// What is made of each picture. Sizes in pixels, as seen after turning by the EXIF orientation.
struct Recipe {
  int width = 128;   ///< 1 to 65,535
  int height = 128;  ///< 1 to 65,535
  Fit fit = Fit::inside;
  std::optional<ImageKind> format = {};  ///< of the thumbnail; none: as the original's kind has it (ImageFormat::thumbnail)
  int quality = 85;                      ///< of JPEG, 1 to 100
  Background background = {};            ///< under what is transparent, where the output is JPEG; the border of Fit::pad
  bool enlarge = false;                  ///< with Fit::inside and Fit::pad: smaller pictures grow to the wanted size
  bool progressive = false;              ///< JPEG output
  Tolerance tolerance = Tolerance::nothing;
};

}  // namespace thumbline
