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
  std::string head;               ///< the coordinator's endpoint, which supplies all addresses below; empty: they are given
  std::vector<std::string> from;  ///< endpoints of fetchers that hand out paths
  std::vector<std::string> from_producer;  ///< endpoints of producers that hand out paths, in `resize`
  std::string results;                     ///< the collector's endpoint
  std::string store;                       ///< the run's folder
  DecoderRights rights;                    ///< of the decoder process
  SandboxMode sandbox = SandboxMode::automatic;
  std::chrono::milliseconds time_limit{30'000};  ///< for decoding one picture
};

/// Throws Stop if the command line is invalid.
ResizerOptions parse_resizer_options(int argc, const char* const* argv);

}  // namespace thumbline
