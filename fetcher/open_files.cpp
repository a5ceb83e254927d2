#include "fetcher/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <string>

namespace thumbline {

namespace {

constexpr std::size_t of_a_lane = 8;      // libcurl's own, and the resolver's
constexpr std::size_t of_a_program = 64;  // sockets to the other programs, log, signals
// A kept connection pays when its host is named again. It costs a socket here and there, and with TLS some 30 kB.
constexpr std::size_t most_connections = 256;

std::size_t number(int option) {
  return static_cast<std::size_t>(option);
}

/// With fewer, a lane would close connections that it could use the next moment.
std::size_t fewest_connections(const FetcherOptions& options) {
  constexpr std::size_t of_one_transfer = 2;
  constexpr std::size_t fewest = 32;
  return std::max(of_one_transfer * number(options.transfers), fewest);
}

std::size_t open_files_with(const FetcherOptions& options, std::size_t connections) {
  return number(options.threads) * (number(options.transfers) + connections + of_a_lane) + of_a_program;
}

}  // namespace

std::size_t open_files_needed(const FetcherOptions& options) {
  return open_files_with(options, fewest_connections(options));
}

std::size_t connections_kept(const FetcherOptions& options) {
  const std::size_t fewest = fewest_connections(options);
  const std::size_t needed = open_files_needed(options);
  const std::size_t left = options.open_files - std::min(options.open_files, needed);
  return std::clamp(fewest + left / 2 / number(options.threads), fewest, std::max(fewest, most_connections));
}

std::size_t open_files_to_spare(const FetcherOptions& options) {
  return options.open_files - std::min(options.open_files, open_files_with(options, connections_kept(options)));
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
