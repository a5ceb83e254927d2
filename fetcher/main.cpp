#include <curl/curl.h>
#include <sys/resource.h>

#include "common/base/program.h"
#include "common/base/stop_signals.h"
#include "common/net/network.h"
#include "common/net/run_key.h"
#include "fetcher/fetcher.h"
#include "fetcher/options.h"

using namespace thumbline;

namespace {

/// Each transfer needs a connection and a file, and connections are kept beside: the usual 1024 do not go far.
void allow_many_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("thumbline-fetcher", [&] {
    const FetcherOptions options = parse_fetcher_options(argc, argv);
    prepare_process("fetcher", options.program);
    StopSignals signals;  // before any thread
    allow_many_open_files();
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Stop(ExitCode::cannot_go_on, "libcurl cannot be started");
    Network network(RunKey::load(options.program.key_file));
    Fetcher fetcher(options, network);
    if (!options.paths.empty()) announce(options.program, "paths", fetcher.paths_endpoint());
    announce(options.program, "ready", "-");
    fetcher.run(signals);
    return ExitCode::ok;
  });
}
