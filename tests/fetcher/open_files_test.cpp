#include "fetcher/open_files.h"

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("more transfers need more open files, and the usual number of them gets along with the usual limit") {
  FetcherOptions options;
  CHECK(open_files_needed(options) <= 1024);
  FetcherOptions more = options;
  more.transfers *= 2;
  CHECK(open_files_needed(more) > open_files_needed(options));
  CHECK(open_files_needed(more) >= 2U * 4U * 32U);  // a connection and a file each
}

TEST_CASE("too small a limit ends the program with what to do about it") {
  FetcherOptions options;
  const std::size_t needed = options.open_files = open_files_needed(options);
  CHECK_NOTHROW(require_open_files(options));
  CHECK(open_files_to_spare(options) == 0);
  options.open_files += 5;
  CHECK(open_files_to_spare(options) >= 1);
  CHECK(open_files_to_spare(options) <= 5);
  options.open_files = needed - 1;
  CHECK(open_files_to_spare(options) == 0);
  try {
    require_open_files(options);
    FAIL("nothing was said");
  } catch (const Stop& stop) {
    CHECK(stop.code() == ExitCode::cannot_go_on);
    CHECK(std::string(stop.what()).find("ulimit -n " + std::to_string(needed)) != std::string::npos);
  }
}

TEST_CASE("connections are kept for many hosts, and leave open files to links that wait for silent ones") {
  FetcherOptions options;
  options.open_files = open_files_needed(options);
  const std::size_t few = connections_kept(options);
  CHECK(few >= 2U * 16U);
  options.open_files = 1024;  // the usual limit
  const std::size_t usual = connections_kept(options);
  CHECK(usual >= 64);
  CHECK(usual > few);
  CHECK(open_files_to_spare(options) >= 256);
  options.open_files = 1 << 20U;
  CHECK(connections_kept(options) > usual);
  CHECK(connections_kept(options) <= 1024);  // memory, too, has an end
  CHECK(open_files_to_spare(options) > 4 * connections_kept(options));
  options.transfers = 1024;
  CHECK(connections_kept(options) >= 2U * 1024U);
}
