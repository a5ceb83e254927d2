#pragma once
#include "common/base/program.h"
#include "resizer/image/thumbnail.h"

namespace thumbline {

/// The argument that makes thumbline-resizer a decoder: `thumbline-resizer --decoder MAX_PIXELS`, with its end of the channel
/// as descriptor decoder_socket.
inline constexpr const char* decoder_argument = "--decoder";
inline constexpr int decoder_socket = 3;

/// The process in which pictures are decoded, so that one that kills its decoder costs that picture and not the resizer. Serves
/// orders until the resizer is gone.
ExitCode run_decoder(const Limits& limits);

}  // namespace thumbline
