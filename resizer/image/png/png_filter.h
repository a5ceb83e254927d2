#pragma once
#include <cstddef>
#include <cstdint>

namespace thumbline {

/// Filter types (9.2).
enum PngFilter : std::uint8_t { png_none, png_sub, png_up, png_average, png_paeth };
constexpr int last_png_filter = png_paeth;

/// What a filter makes of a row, to `coded`. `above` has the same length; all 0 above the first row.
void apply_png_filter(PngFilter filter, const std::uint8_t* row, const std::uint8_t* above, std::size_t length,
                      std::size_t pixel, std::uint8_t* coded);

/// Undoes a row's filter in place (W3C PNG, third edition, 9.2). `filter`: 0 to 4. `above`: the row above, with its filter
/// undone; null above the first row. `length` bytes, a whole number of pixels of `pixel` (1 to 8) bytes. Behind the row there
/// is at least one readable byte.
void undo_png_filter(int filter, std::uint8_t* row, const std::uint8_t* above, std::size_t length, std::size_t pixel);

}  // namespace thumbline
