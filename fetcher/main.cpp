#include <curl/curl.h>

#include "common/base/program.h"
#include "common/base/stop_signals.h"
#include "common/net/network.h"
#include "common/net/run_key.h"
#include "fetcher/fetcher.h"
#include "fetcher/open_files.h"
#include "fetcher/options.h"

namespace thumbline {
namespace {

ExitCode fetch(int argc, char** argv) {
  FetcherOptions options = parse_fetcher_options(argc, argv);
  prepare_process("fetcher", options.program);
  options.open_files = open_files_allowed();
  require_open_files(options);
  StopSignals signals;  // before any thread
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Stop(ExitCode::cannot_go_on, "libcurl cannot be started");
  Network network(RunKey::load(options.program.key_file));
  Fetcher fetcher(options, network);
  if (!options.paths.empty()) announce(options.program, "paths", fetcher.paths_endpoint());
  announce(options.program, "ready", "-");
  fetcher.run(signals);
  return ExitCode::ok;
}

}  // namespace
}  // namespace thumbline

int main(int argc, char** argv) {
  return thumbline::run_program("thumbline-fetcher", [&] { return thumbline::fetch(argc, argv); });
}
