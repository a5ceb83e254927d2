#include <curl/curl.h>
#include <spdlog/spdlog.h>

#include <clocale>
#include <optional>

#include "common/base/program.h"
#include "common/base/run_folder_owner.h"
#include "common/base/stop_signals.h"
#include "common/net/head.h"
#include "common/net/network.h"
#include "common/net/run_key.h"
#include "common/net/workplace.h"
#include "fetcher/fetcher.h"
#include "fetcher/open_files.h"
#include "fetcher/options.h"

namespace thumbline {
namespace {

/// What the command line leaves open, the head knows. Where this fetcher is to work.
Workplace ask(Network& network, Head& head, FetcherOptions& options) {
  Workplace place = find_workplace(head.places(), options.store);
  options.store = place.folder;
  options.links = {head.endpoint(head.places().links())};
  if (head.places().has_requests()) {
    static_cast<RequestSettings&>(options.limits.request) = from_wire(head.places().requests());
  }
  options.results = head.endpoint(head.places().results());
  if (!head.places().thumbnails()) options.paths.clear();
  head.introduce(place.store, "");
  head.expect_results(network);
  return place;
}

ExitCode fetch(int argc, char** argv) {
  FetcherOptions options = parse_fetcher_options(argc, argv);
  prepare_process("fetcher", options.program);
  options.open_files = open_files_allowed();
  require_open_files(options);
  if (const std::string proxies = options.limits.request.proxies.text(); !proxies.empty()) {
    spdlog::info("requests go through {}: which addresses they reach is up to that proxy", proxies);
  }
  StopSignals signals;                  // before any thread
  std::setlocale(LC_CTYPE, "C.UTF-8");  // libcurl takes names of hosts (IDN) to be in the locale's encoding
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Stop(ExitCode::cannot_go_on, "libcurl cannot be started");
  Network network(RunKey::load(options.program.key_file));
  if (options.head.empty()) {
    if (const auto own = check_run_folder_owner(options.store); !own) throw Stop(ExitCode::bad_usage, own.error().detail);
  }
  std::optional<Head> head;
  std::string own_folder;  // that the resizers of other machines do not see
  if (!options.head.empty()) {
    head.emplace(network, options.head, options.program);
    head->ask_for_requests();
    head->find(signals);
    if (head->places().allow_private() && !options.limits.allow_private) {
      throw Stop(ExitCode::bad_usage,
                 "links of this run may lead to private addresses, which this worker would refuse: --allow-private");
    }
    if (head->places().links() == 0) throw Stop(ExitCode::ok, "nothing is fetched in this run");
    const Workplace place = ask(network, *head, options);
    if (!place.shared && head->places().thumbnails()) own_folder = place.folder;
  }
  Fetcher fetcher(options, network, head ? &*head : nullptr);
  if (!options.paths.empty()) announce(options.program, "paths", fetcher.paths_endpoint());
  if (!own_folder.empty()) announce(options.program, "local", own_folder);
  announce(options.program, "ready", "-");
  fetcher.run(signals);
  return ExitCode::ok;
}

}  // namespace
}  // namespace thumbline

int main(int argc, char** argv) {
  return thumbline::run_program("thumbline-fetcher", [&] { return thumbline::fetch(argc, argv); });
}
