#include "collector/run_totals.h"

#include <algorithm>
#include <string>

#include "common/base/reason.h"

namespace thumbline {
namespace {

bool ended_at_resizer(const LinkFacts& link) {
  static const std::string crashed = Reason(Reason::crashed_the_resizer).text();
  return link.fetch.delivered || link.resize.span || link.reason == crashed;
}

}  // namespace

void RunTotals::Stage::add(const LinkFacts::Stage& stage, std::int64_t session) {
  if (!stage.delivered) return;
  ++figures_.pictures;
  figures_.bytes += stage.bytes;
  const auto worked_us = stage.worked_us();
  if (!worked_us) return;
  ++figures_.worked;
  figures_.busy_us += *worked_us;
  figures_.max_us = std::max(figures_.max_us, *worked_us);
  Span& whole = sessions_.try_emplace(session, *stage.span).first->second;
  whole.started_us = std::min(whole.started_us, stage.span->started_us);
  whole.ended_us = std::max(whole.ended_us, stage.span->ended_us);
}

StageFigures RunTotals::Stage::figures() const {
  StageFigures result = figures_;
  for (const auto& [session, whole] : sessions_) result.wall_us += static_cast<std::uint64_t>(whole.duration_us());
  return result;
}

void RunTotals::add(const LinkFacts& link, bool local_pictures) {
  ++run_.links;
  run_.attempts += link.attempts;
  fetch_.add(link.fetch, link.session);
  resize_.add(link.resize, link.session);
  if (link.reason.empty()) {
    ++run_.done;
    return;
  }
  ++run_.failed;
  ++run_.reasons[std::string(link.reason)];
  (local_pictures || ended_at_resizer(link) ? resize_ : fetch_).add_failed();
}

RunFigures RunTotals::figures() const {
  RunFigures run = run_;
  run.fetch = fetch_.figures();
  run.resize = resize_.figures();
  return run;
}

}  // namespace thumbline
