#pragma once
#include <cstdint>
#include <vector>

#include "scripts/gallery/draw/pixels.h"

namespace thumbline::gallery {

enum class Sampling : std::uint8_t { full, half_across, half_both };  ///< of the colours: 4:4:4, 4:2:2, 4:2:0

struct JpegLook {
  int quality = 85;
  Sampling sampling = Sampling::half_both;
  bool grey = false;
  bool progressive = false;
  int orientation = 0;  ///< EXIF, 1 to 8; 0: the file has no EXIF
};

struct PngLook {
  bool grey = false;
  bool alpha = false;
  bool interlaced = false;
};

/// The file for a picture that is seen as `upright`; alpha is left out.
std::vector<std::uint8_t> jpeg_file(const Pixels& upright, const JpegLook& look);
std::vector<std::uint8_t> png_file(const Pixels& pixels, const PngLook& look);

}  // namespace thumbline::gallery
