#include "collector/run.h"

#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <system_error>

#include "collector/collector.h"
#include "collector/ledger.h"
#include "collector/results_csv.h"
#include "collector/run_figures.h"
#include "collector/run_folder.h"
#include "collector/run_report.h"
#include "collector/summary.h"
#include "common/base/clock.h"
#include "common/base/crash_point.h"
#include "common/base/stop_signals.h"
#include "common/net/network.h"

namespace thumbline {
namespace {

RunKey run_key(const CollectorOptions& options) {
  const std::string& file = options.program.key_file;
  return options.create_key ? RunKey::make(file) : RunKey::load_coordinator(file);
}

RunFigures figures(Ledger& ledger) {
  const bool local_pictures = ledger.settings().value_or("").starts_with("resize");
  return run_figures([&](const auto& visit) { ledger.each_facts(visit); }, local_pictures,
                     static_cast<std::uint64_t>(ledger.wall_us()));
}

void write_files(const RunFolder& folder, Ledger& ledger, const RunFigures& run) {
  folder.write("results.csv", [&](const RunFolder::Append& append) {
    append(csv_heading());
    ledger.each_row([&](const LinkRow& row) { append(csv_line(row)); });
  });
  crash_point(CrashPoint::collector_between_files);
  folder.write("summary.json", [&](const RunFolder::Append& append) { append(summary_json(run)); });
}

}  // namespace

ExitCode collect(const CollectorOptions& options) {
  const Collector::Start start{now(), wall_now()};
  StopSignals signals;
  const RunFolder folder(options.out);
  Ledger ledger(folder.file("ledger.sqlite"), start.wall);
  Network network(run_key(options));
  ProgressDisplay display(options.progress.value_or(ProgressDisplay::fitting(STDERR_FILENO)), STDERR_FILENO);

  const std::uint64_t before = options.retry_failed ? ledger.counts().done : ledger.counts().settled();
  Collector collector(network, options.results, options.receipts, options.out, ledger, start);
  if (options.retry_failed) collector.retry_failed([&](const std::string& original) { folder.remove_original(original); });
  announce(options.program, "results", collector.results_endpoint());
  announce(options.program, "receipts", collector.receipts_endpoint());
  collector.run_until_over(display, signals);

  crash_point(CrashPoint::collector_before_files);
  const RunFigures run = figures(ledger);
  write_files(folder, ledger, run);
  std::cout << run_report(run, options.out, collector.repeats(), before) << std::flush;
  const int trouble = std::cout ? 0 : errno;
  crash_point(CrashPoint::collector_before_farewell);
  collector.say_farewell();
  if (trouble != 0 && trouble != EPIPE) {
    throw Stop(ExitCode::cannot_go_on, "the table cannot be written: " + std::generic_category().message(trouble));
  }
  return options.strict && run.failed > 0 ? ExitCode::some_failed : ExitCode::ok;
}

}  // namespace thumbline
