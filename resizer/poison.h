#pragma once
#include <cstddef>
#include <span>

namespace thumbline {

/// What a picture does to its decoder, for tests, where the environment has THUMBLINE_POISON=EFFECT:TEXT and the picture holds
/// TEXT among its bytes: `crash` ends the process, `hang` never comes back. Else no picture is searched.
void strike_if_poisoned(std::span<const std::byte> picture);

/// Waits, for tests, as many milliseconds as THUMBLINE_DAWDLE in the environment says: so is a resizer slower than others.
void dawdle_if_told();

}  // namespace thumbline
