#pragma once
#include <optional>
#include <string>

#include "collector/progress_display.h"
#include "common/base/program.h"

namespace thumbline {

/// The collector's command line.
struct CollectorOptions {
  ProgramOptions program;
  std::string out;      ///< the run's folder
  std::string results;  ///< endpoints to bind
  std::string receipts;
  bool create_key = false;
  bool retry_failed = false;
  std::string invocation;  ///< of the launcher; empty: there is none
  bool local_stores = false;
  bool strict = false;
  std::optional<ProgressDisplay::Style> progress;  ///< none: what fits standard error

  /// Throws Stop where the command line is wrong, and after --help and --version.
  static CollectorOptions parse(int argc, const char* const* argv);
};

}  // namespace thumbline
