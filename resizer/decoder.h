#pragma once
#include <cstdint>
#include <string>

#include "common/base/program.h"
#include "resizer/image/limits.h"

namespace thumbline {

/// Limits and sandboxing of a decoder process.
struct DecoderRights {
  Limits limits;                      ///< of a picture
  std::uint64_t memory = 2ULL << 30;  ///< bytes of address space of the process
  bool sandbox = true;                ///< as far as the kernel supports it
};

/// Starts thumbline-resizer as a decoder: `thumbline-resizer --decoder RIGHTS`, with its end of the channel as descriptor
/// decoder_socket.
inline constexpr const char* decoder_argument = "--decoder";
inline constexpr int decoder_socket = 3;

/// main() of the decoder process. Pictures are decoded in a process of their own, so that a crash costs one picture and not the
/// resizer. Serves orders until the resizer is gone.
ExitCode run_decoder(const DecoderRights& rights);

/// Converts rights to a command-line argument, and back.
std::string to_argument(const DecoderRights& rights);
DecoderRights parse_rights(const std::string& word);

}  // namespace thumbline
