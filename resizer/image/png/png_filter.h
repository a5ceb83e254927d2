#pragma once
#include <cstddef>
#include <cstdint>

namespace thumbline {

/// Filter types (W3C PNG, third edition, 9.2).
enum PngFilter : std::uint8_t { png_none, png_sub, png_up, png_average, png_paeth };
constexpr int last_png_filter = png_paeth;

/// Applies a filter to a row; writes to `coded`. `above` has the same length; all 0 for the first row.
void apply_png_filter(PngFilter filter, const std::uint8_t* row, const std::uint8_t* above, std::size_t length,
                      std::size_t pixel, std::uint8_t* coded);

/// Undoes a row's filter in place. `filter`: 0 to 4. `above`: the unfiltered row above; null for the first row. `length`:
/// bytes, a multiple of `pixel` (1 to 8 bytes). At least one readable byte must follow the row.
void undo_png_filter(int filter, std::uint8_t* row, const std::uint8_t* above, std::size_t length, std::size_t pixel);

}  // namespace thumbline
