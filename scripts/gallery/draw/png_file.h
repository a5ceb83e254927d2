#pragma once
#include <cstdint>
#include <vector>

#include "scripts/gallery/draw/canvas.h"

namespace thumbline::gallery {

enum class PngKind : std::uint8_t { rgb, rgba, palette, grey, grey_alpha, rgb16, rgba16 };

struct PngLook {
  PngKind kind = PngKind::rgb;
  bool interlaced = false;
};

/// Whether pictures of this kind may be seen through.
constexpr bool has_alpha(PngKind kind) {
  return kind == PngKind::rgba || kind == PngKind::palette || kind == PngKind::grey_alpha || kind == PngKind::rgba16;
}

/// The file for a picture; kinds without alpha leave it out.
std::vector<std::uint8_t> png_file(const Pixels& pixels, const PngLook& look);

}  // namespace thumbline::gallery
