#pragma once
#include <cstddef>
#include <cstdint>

namespace thumbline {

constexpr int last_png_filter = 4;

/// Undoes a row's filter in place (W3C PNG, third edition, 9.2). `filter`: 0 to 4. `above`: the row above, with its filter
/// undone; null above the first row. `length` bytes, a whole number of pixels of `pixel` (1 to 8) bytes. Behind the row there
/// is at least one readable byte.
void undo_png_filter(int filter, std::uint8_t* row, const std::uint8_t* above, std::size_t length, std::size_t pixel);

}  // namespace thumbline
