#include "collector/run.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "collector/collector.h"
#include "collector/ledger.h"
#include "collector/ledger_check.h"
#include "collector/lost_file.h"
#include "collector/network_file_system.h"
#include "collector/outcome_check.h"
#include "collector/progress_display.h"
#include "collector/results_csv.h"
#include "collector/run_figures.h"
#include "collector/run_folder.h"
#include "collector/run_guard.h"
#include "collector/run_observer.h"
#include "collector/run_report.h"
#include "collector/summary.h"
#include "collector/sync_watermark.h"
#include "collector/units.h"
#include "common/base/boot_id.h"
#include "common/base/clock.h"
#include "common/base/crash_point.h"
#include "common/base/printable.h"
#include "common/base/stop_signals.h"
#include "common/net/network.h"

namespace thumbline {
namespace {

constexpr std::chrono::milliseconds between_looks{100};  // at what the run stands on

RunKey run_key(const CollectorOptions& options) {
  const std::string& file = options.program.key_file;
  return options.create_key ? RunKey::make(file) : RunKey::load_coordinator(file);
}

struct Figures {
  RunFigures run;
  std::uint64_t before = 0;  ///< links that had their outcome from earlier runs
};

Figures figures(Ledger& ledger) {
  const bool local_pictures = Wanted::by(ledger.settings().value_or("")).local_pictures();
  Figures figures;
  const auto each = [&](const auto& visit) {
    figures.before = 0;  // it may be called again
    ledger.each_facts([&](const LinkFacts& link) {
      if (link.session < ledger.first_session()) ++figures.before;
      visit(link);
    });
  };
  figures.run = run_figures(each, local_pictures, static_cast<std::uint64_t>(ledger.wall_us()));
  return figures;
}

/// What was not written to the disk before a power loss is done again.
void begin_in_this_boot(Ledger& ledger, const RunFolder& folder, const CollectorOptions& options, RunObserver& display) {
  const std::string boot = boot_id();
  const Ledger::Synced synced = ledger.synced();
  if (synced.boot == boot) return;
  const std::int64_t unknown = ledger.last_seq() - synced.seq;
  const std::vector<LostFiles> lost = lost_files(ledger, synced.seq, options.out, !options.local_stores);
  std::vector<std::uint64_t> ids;
  ids.reserve(lost.size());
  for (const LostFiles& row : lost) {
    for (const std::string& path : row.paths) {
      spdlog::info("{} was lost when the machine stopped; it is made again", path);
      folder.remove_picture(path);
    }
    ids.push_back(row.id);
  }
  ledger.begin_in_new_boot(boot, ids);
  if (unknown <= 0) return;
  std::string text = "the machine was started anew: of the last " + count_text(static_cast<std::uint64_t>(unknown)) +
                     " outcomes, the files of " + count_text(ids.size()) + " were lost";
  if (!ids.empty()) text += "; they are done again";
  spdlog::info("{}", text);
  if (!ids.empty()) display.on_remark(text);
}

/// Nothing is said of a ledger, and no run is over, before all of it was read.
void wait_for(LedgerCheck& check, Ledger& ledger, StopSignals& signals, RunObserver& display) {
  constexpr int unnoticed_ms = 3000;
  int longest = unnoticed_ms;
  while (!check.has_passed()) {
    std::array<pollfd, 2> events{{{check.fd(), POLLIN, 0}, {signals.fd(), POLLIN, 0}}};
    if (::poll(events.data(), events.size(), std::exchange(longest, -1)) == 0) display.on_remark("checking the ledger");
    if (events[1].revents != 0) {
      throw Stop(ExitCode::cannot_go_on, "interrupted while the ledger was being checked; the same command goes on from there");
    }
  }
  ledger.set_checked();
}

/// A last time, for as long as nobody minds: a hundredth of what the run took.
void finish(SyncWatermark& watermark, Moment started) {
  const Moment until = now() + std::min<Moment::duration>((now() - started) / 100, std::chrono::seconds(10));
  while (watermark.is_going_on() && now() < until) {
    ::poll(nullptr, 0, 1);
    watermark.advance(now());
  }
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
  if (!options.create_key) RunKey::load(options.program.key_file);  // before a folder is made that has none
  const RunFolder folder(options.out);
  RunKey key = run_key(options);  // the first of all: the other programs can be started now
  announce(options.program, "key", "-");
  const std::filesystem::path file = folder.file("ledger.sqlite");
  const std::string network_name = network_file_system(options.out);
  Ledger ledger(file, start.wall, options.invocation, network_name.empty());
  if (options.retry_failed) ledger.replace_failed();
  std::vector<std::filesystem::path> watched{file};
  if (ledger.uses_wal()) watched.push_back(file.string() + "-wal");
  const RunGuard guard(options.out, watched);
  ProgressDisplay display(options.progress.value_or(ProgressDisplay::fitting(STDERR_FILENO)), STDERR_FILENO);
  if (!network_name.empty()) {
    const std::string text =
        "the ledger is on a network file system (" + network_name + "): it works without a write-ahead log";
    spdlog::info("{}", text);
    if (!options.program.quiet) display.on_remark(text);
  }
  begin_in_this_boot(ledger, folder, options, display);
  SyncWatermark watermark(ledger, options.out, boot_id());
  std::optional<LedgerCheck> check;
  if (!ledger.is_checked()) check.emplace(file);
  if (check && !ledger.uses_wal()) wait_for(*check, ledger, signals, display);  // it could not be written meanwhile

  Network network(std::move(key));
  Collector collector(network, options.results, options.receipts, options.out, ledger, start);
  collector.on_broken([&](const std::string& original) { folder.remove_picture(original); });
  collector.on_turn([&, next_look = Moment{}]() mutable {
    const Moment at = now();
    if (at >= next_look) {
      guard.check();
      next_look = at + between_looks;
    }
    watermark.advance(at);
    if (check && !ledger.is_checked() && check->has_passed()) ledger.set_checked();
  });
  // A folder that is in place now was there when the files of these outcomes were written.
  collector.before_commit([&] { guard.check(); });
  announce(options.program, "results", collector.results_endpoint());
  announce(options.program, "receipts", collector.receipts_endpoint());
  const std::array<RunObserver*, 1> observers{&display};
  collector.run_until_over(observers, signals);
  announce(options.program, "over", "-");

  if (check && !ledger.is_checked()) wait_for(*check, ledger, signals, display);
  watermark.begin_last();
  crash_point(CrashPoint::collector_before_files);
  const Figures all = figures(ledger);
  const RunFigures& run = all.run;
  write_files(folder, ledger, run);
  finish(watermark, start.moment);
  guard.check();
  std::cout << visible_lines(run_report(run, options.out, collector.repeats(), all.before)) << std::flush;
  const int trouble = std::cout ? 0 : errno;
  crash_point(CrashPoint::collector_before_farewell);
  collector.say_farewell();
  if (trouble != 0 && trouble != EPIPE) {  // as `| head` leaves it
    throw Stop(ExitCode::cannot_go_on, "the table cannot be written: " + std::generic_category().message(trouble));
  }
  return options.strict && run.failed > 0 ? ExitCode::some_failed : ExitCode::ok;
}

}  // namespace thumbline
