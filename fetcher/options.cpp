#include "fetcher/options.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "common/base/command_line.h"
#include "fetcher/certificate_authorities.h"

namespace thumbline {
namespace {

std::chrono::milliseconds from_seconds(double seconds) {
  return std::chrono::milliseconds(std::llround(seconds * 1000));
}

double in_seconds(std::chrono::milliseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

// A transfer that says nothing for so much of its time has stalled.
constexpr int stalls_of_a_timeout = 3;

ProxyRule proxies(const std::optional<std::string>& given) {
  if (given && !given->empty()) {
    if (const std::string fault = fault_of_proxy(*given); !fault.empty()) throw Stop(ExitCode::bad_usage, "--proxy " + fault);
  }
  return {given, [](const char* name) -> const char* { return std::getenv(name); }};
}

}  // namespace

FetcherOptions parse_fetcher_options(int argc, const char* const* argv) {
  FetcherOptions options;
  TransferLimits& limits = options.limits;
  double timeout = in_seconds(limits.whole);
  double connect_timeout = in_seconds(limits.connect);
  double hang_limit = in_seconds(options.watchdog.busy);
  CLI::App app(
      "Fetches pictures: takes links from the producer, writes the pictures into the store, passes them on to the "
      "resizers (with --paths) or reports them to the collector.",
      "thumbline-fetcher");
  add_program_options(app, options.program);
  app.add_option("--head", options.head, "Ask here where all others are, instead of --links and --results")
      ->type_name("ENDPOINT");
  app.add_option("--links", options.links, "Where the producer publishes links (repeatable)")->type_name("ENDPOINT");
  app.add_option("--results", options.results, "Where the collector listens")->type_name("ENDPOINT");
  app.add_option("--paths", options.paths, "Listen here for resizers; without it, what is fetched is done")
      ->type_name("ENDPOINT");
  app.add_option("--store", options.store, "The run's folder; pictures go to images/ in it (with --head: where it is here)")
      ->type_name("DIR");
  app.add_flag("--exclusive", options.exclusive,
               "No other fetcher works in that folder: it need not look for others' pictures");
  app.add_option("--threads", options.threads, "Threads that fetch")->check(CLI::Range(1, 256))->capture_default_str();
  app.add_option("--transfers", options.transfers, "Transfers at once, for each thread")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--per-host", options.per_host, "Transfers at once at one host; 0: as many as there are")
      ->check(CLI::Range(0, 1 << 20))
      ->capture_default_str();
  app.add_option("--timeout", timeout, "Seconds for a whole transfer")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str();
  app.add_option("--connect-timeout", connect_timeout, "Seconds until a connection has to stand")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str();
  app.add_option("--max-bytes", limits.max_bytes, "The largest picture that is fetched; 32MiB and the like are understood")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  app.add_option(
         "--hang-limit", hang_limit,
         "Seconds of processor time after which a download thread that does not come back counts as hung; the process ends")
      ->check(CLI::Range(0.1, 86400.0))
      ->capture_default_str();
  app.add_flag("--allow-private", limits.allow_private, "Also connect to loopback, private and other special addresses");
  app.add_option("--ca-file", limits.ca_file, "Trust these certificate authorities (PEM) instead of the system's")
      ->type_name("FILE");
  add_request_options(app, limits.request);
  app.add_flag("--insecure", limits.request.insecure, "Do not check the certificates of servers");
  std::optional<std::string> proxy;
  app.add_option("--proxy", proxy, "Ask through this proxy ('': none) instead of those of the environment (http_proxy, ...)")
      ->type_name("URL")
      ->envname("THUMBLINE_PROXY");
  parse_command_line(app, argc, argv);
  if (options.head.empty() && (options.links.empty() || options.results.empty() || options.store.empty())) {
    throw Stop(ExitCode::bad_usage, "wanted are --links, --results and --store, or --head (see --help)");
  }
  if (!limits.ca_file.empty()) require_certificates(limits.ca_file);

  complete_request_settings(limits.request);
  limits.request.proxies = proxies(proxy);

  options.watchdog.busy = from_seconds(hang_limit);
  limits.whole = from_seconds(timeout);
  limits.stalled = std::max(limits.stalled, limits.whole / stalls_of_a_timeout);
  limits.connect = std::min(from_seconds(connect_timeout), limits.whole);
  return options;
}

}  // namespace thumbline
