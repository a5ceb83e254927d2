#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scripts/gallery/draw/jpeg_file.h"
#include "scripts/gallery/draw/png_file.h"
#include "scripts/gallery/draw/scene.h"

namespace thumbline::gallery {

struct Wanted {
  int count = 300;
  std::uint64_t seed = 1;
  int max_side = 1600;        ///< pixels, at least min_side
  std::optional<Size> exact;  ///< every picture has this size, as it is seen
};

/// Pictures of chance size are not smaller than that.
inline constexpr int min_side = 64;

/// What one picture is going to be.
struct Plan {
  std::string name;  ///< with extension; unique in the gallery
  Size size;         ///< as it is seen
  Scene scene;
  std::uint64_t seed;  ///< of the drawing
  std::variant<JpegLook, PngLook> look;
};

/// The pictures of a gallery: one in five a PNG. A larger count adds pictures to those of a smaller one.
std::vector<Plan> plan_gallery(const Wanted& wanted);

/// The whole file.
std::vector<std::uint8_t> draw(const Plan& plan);

/// The file that stands in for deleted pictures: 161 × 81, the size of Imgur's.
std::vector<std::uint8_t> draw_removed_file();

}  // namespace thumbline::gallery
