#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace thumbline {

/// For tests: what a picture does to its decoder, where the environment has THUMBLINE_FAULT=EFFECT:TEXT and the picture's bytes
/// contain TEXT. Without the variable no picture is searched. `socket`, `order`: the resizer's end of the channel, and the
/// number of the order in work. EFFECT is one of
///   crash   ends the process
///   hang    never returns
///   flood   fills standard output and error before making the thumbnail
///   write   writes to every open file; reports a failure if a write succeeded
///   lie     claims a thumbnail of 4.6e18 bytes
///   twice   reports a failure, then makes the thumbnail anyway
void inject_fault(std::span<const std::byte> picture, int socket, std::uint64_t order);

/// For tests: sleeps THUMBLINE_DELAY_MS milliseconds, if the environment has it, to make this resizer slower than others.
void inject_delay();

/// The environment variable that a resizer passes on to its decoder.
inline constexpr const char* fault_variable = "THUMBLINE_FAULT";

}  // namespace thumbline
