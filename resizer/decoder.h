#pragma once
#include <cstdint>
#include <string>

#include "common/base/program.h"
#include "resizer/image/limits.h"

namespace thumbline {

/// What a decoder may do and take.
struct DecoderRights {
  Limits limits;                      ///< of a picture
  std::uint64_t memory = 2ULL << 30;  ///< bytes of address space for all of it
  bool sandbox = true;                ///< as far as the kernel can
};

/// The argument that makes thumbline-resizer a decoder: `thumbline-resizer --decoder RIGHTS`, with its end of the channel as
/// descriptor decoder_socket.
inline constexpr const char* decoder_argument = "--decoder";
inline constexpr int decoder_socket = 3;

/// The process in which pictures are decoded, so that one that kills its decoder costs that picture and not the resizer. Serves
/// orders until the resizer is gone.
ExitCode run_decoder(const DecoderRights& rights);

/// Rights as one word for the command line, and back.
std::string to_word(const DecoderRights& rights);
DecoderRights rights_of(const std::string& word);

}  // namespace thumbline
