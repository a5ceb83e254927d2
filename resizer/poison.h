#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace thumbline {

/// What a picture does to its decoder, for tests, where the environment has THUMBLINE_POISON=EFFECT:TEXT and the picture holds
/// TEXT among its bytes; else no picture is searched. `socket`, `order`: where the resizer listens, and for what.
///   crash   ends the process
///   hang    never comes back
///   flood   fills the standard output and error of the decoder before it makes the thumbnail
///   write   writes to all files that it has; says that it failed if one took it
///   lie     says that a thumbnail of 4.6e18 bytes was made
///   twice   says that it failed, and then makes the thumbnail all the same
void strike_if_poisoned(std::span<const std::byte> picture, int socket, std::uint64_t order);

/// Waits, for tests, as many milliseconds as THUMBLINE_DAWDLE in the environment says: so is a resizer slower than others.
void dawdle_if_told();

/// The variable that a decoder must get from its resizer's environment for the first of these.
inline constexpr const char* poison_variable = "THUMBLINE_POISON";

}  // namespace thumbline
