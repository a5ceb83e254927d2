#include "fetcher/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <string>

#include "fetcher/lane.h"

namespace thumbline {

std::size_t open_files_needed(const FetcherOptions& options) {
  constexpr std::size_t of_a_lane = 8;      // libcurl's own, and the resolver's
  constexpr std::size_t of_a_program = 64;  // sockets to the other programs, log, signals
  const auto transfers = static_cast<std::size_t>(options.transfers);
  const std::size_t lane = transfers + Lane::kept_connections(options.transfers) + of_a_lane;
  return static_cast<std::size_t>(options.threads) * lane + of_a_program;
}

std::size_t open_files_to_spare(const FetcherOptions& options) {
  return options.open_files - std::min(options.open_files, open_files_needed(options));
}

void require_open_files(const FetcherOptions& options) {
  const std::size_t needed = open_files_needed(options);
  if (needed <= options.open_files) return;
  throw Stop(ExitCode::cannot_go_on, std::to_string(options.threads) + " threads of " + std::to_string(options.transfers) +
                                         " transfers may need " + std::to_string(needed) + " open files, and " +
                                         std::to_string(options.open_files) + " are allowed: raise that (ulimit -n " +
                                         std::to_string(needed) +
                                         "), or ask for fewer transfers, and run the same command again");
}

std::size_t open_files_allowed() {
  rlimit limit{};
  constexpr rlim_t plenty = 1U << 30U;
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::min(limit.rlim_cur, plenty) : plenty;
}

}  // namespace thumbline
