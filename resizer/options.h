#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "common/base/program.h"
#include "resizer/decoder.h"
#include "resizer/sandbox.h"

namespace thumbline {

struct ResizerOptions {
  ProgramOptions program;
  std::string head;                        ///< its door: all below but the rights are asked for there; empty: they are given
  std::vector<std::string> from;           ///< the fetchers that give out paths
  std::vector<std::string> from_producer;  ///< the producer of `resize`, which gives out paths
  std::string results;                     ///< the collector's endpoint
  std::string store;                       ///< the run's folder
  DecoderRights rights;                    ///< of the process that decodes
  SandboxWish sandbox = SandboxWish::automatic;
  std::chrono::milliseconds time_limit{30'000};  ///< of decoding one picture
};

/// Throws Stop where the command line is wrong.
ResizerOptions parse_resizer_options(int argc, const char* const* argv);

}  // namespace thumbline
