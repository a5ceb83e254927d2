#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "resizer/image/image_decoder.h"
#include "resizer/image/thumbnail.h"
#include "tests/fuzz/input.h"

namespace thumbline::fuzz {

/// Small enough for hundreds of pictures a second.
inline constexpr Limits roomy{.max_pixels = 1U << 17, .max_scans = 24, .max_memory = 32U << 20};
/// What must be held whole soon needs too much.
inline constexpr Limits tight{.max_pixels = 1U << 17, .max_scans = 4, .max_memory = 48U << 10};

/// The first choices of an input: what shall be made, within which limits.
struct Wanted {
  explicit Wanted(Input& input);

  Recipe recipe;
  bool is_tight;
};

/// Makes a thumbnail; what comes out must be what the recipe and the library's interface say, a failure one that they name,
/// and the next picture must not suffer.
void check_thumbnail(std::span<const std::byte> picture, const Wanted& wanted);

/// A whole picture through a decoder.
Result<Bitmap> read_all(ImageDecoder& decoder, std::span<const std::byte> picture, int eighths);

/// Fails unless the pictures are the same to the last bit.
void require_same(const Bitmap& one, const Bitmap& other);

}  // namespace thumbline::fuzz
