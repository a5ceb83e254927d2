#include "collector/run_report.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "collector/table.h"
#include "collector/units.h"
#include "common/base/reason.h"

namespace thumbline {
namespace {

constexpr std::size_t report_columns = 80;

bool ran(const StageFigures& stage) {
  return stage.pictures > 0 || stage.failed > 0;
}

std::vector<std::string> stage_row(const std::string& name, const StageFigures& stage) {
  std::vector<std::string> row{name, count_text(stage.pictures), count_text(stage.failed)};
  if (stage.worked == 0) {
    row.insert(row.end(), 6, "-");
    return row;
  }
  row.push_back(rate_text(stage.images_per_s()));
  for (const std::uint64_t us : {stage.busy_us, stage.p50_us, stage.p95_us, stage.p99_us, stage.max_us}) {
    row.push_back(duration_text(us));
  }
  return row;
}

std::string stages_table(const RunFigures& run) {
  std::vector<std::vector<std::string>> rows{
      {"stage", "images", "failed", "images/s", "busy time", "p50", "p95", "p99", "slowest"}};
  if (ran(run.fetch)) rows.push_back(stage_row("download", run.fetch));
  if (ran(run.resize)) rows.push_back(stage_row("thumbnails", run.resize));
  return rows.size() > 1 ? aligned(rows) + "\n" : "";
}

std::string failures(const RunFigures& run) {
  std::vector<std::pair<std::string, std::uint64_t>> reasons(run.reasons.begin(), run.reasons.end());
  std::ranges::stable_sort(reasons, std::greater<>{}, [](const auto& reason) { return reason.second; });
  std::vector<std::string> parts;
  parts.reserve(reasons.size());
  for (const auto& [reason, count] : reasons) parts.push_back(count_text(count) + " " + reason);
  if (parts.empty()) return "";
  std::string text = wrapped("failed:", parts, report_columns);
  text += "results.csv says which; --retry-failed tries them again\n";
  if (run.reasons.contains(Reason(Reason::refused_address).text())) {
    text += "refused-address: --allow-private --retry-failed allows local addresses, too\n";
  }
  return text;
}

std::string earlier_runs(std::uint64_t before, const RunFigures& run) {
  if (before == 0) return "";
  if (before == run.links) return "nothing was left to do: all of this is from earlier runs\n";
  return count_text(before) + " of these " + (run.local_pictures ? "pictures" : "links") +
         " had their outcome from earlier runs\n";
}

}  // namespace

std::string run_report(const RunFigures& run, const std::string& folder, std::uint64_t repeats, std::uint64_t before) {
  std::string text = stages_table(run) + failures(run);
  const std::string what = run.local_pictures ? " picture" : " link";
  text += count_text(run.links) + what + (run.links == 1 ? "" : "s") + " in " + duration_text(run.wall_us) + ": " +
          count_text(run.done) + " done, " + count_text(run.failed) + " failed";
  if (repeats > 0) text += ", " + count_text(repeats) + " repeated";
  if (run.fetch.bytes > 0) text += "; " + bytes_text(run.fetch.bytes) + " downloaded";
  std::string files = ran(run.fetch) ? "images/, " : "";
  if (ran(run.resize)) files += "thumbnails/, ";
  text += '\n';
  text += earlier_runs(before, run);
  return text + folder + ": " + files + "results.csv, summary.json, ledger.sqlite\n";
}

}  // namespace thumbline
