#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/program.h"
#include "fetcher/transfer.h"
#include "fetcher/watchdog.h"

namespace thumbline {

/// The fetcher's command line.
struct FetcherOptions {
  ProgramOptions program;
  std::string head;                ///< its door: links, results and the store are asked for there; empty: they are given
  std::vector<std::string> links;  ///< endpoints of the producer
  std::string results;             ///< endpoint of the collector
  std::string paths;               ///< endpoint to bind for the resizers; empty: there are none
  std::string store;               ///< the run's folder
  bool exclusive = false;          ///< no other fetcher works there
  int threads = 4;
  int transfers = 16;             ///< at once, for each thread
  int per_host = 0;               ///< transfers at once at one host; 0: as many as there are
  std::size_t open_files = 1024;  ///< so many files and sockets this process may have open
  TransferLimits limits;
  WatchdogLimits watchdog;
};

/// Throws Stop where the command line is wrong, and after --help and --version.
FetcherOptions parse_fetcher_options(int argc, const char* const* argv);

}  // namespace thumbline
