#include "collector/run_figures.h"

#include <algorithm>

#include "collector/percentiles.h"
#include "common/base/reason.h"

namespace thumbline {
namespace {

/// Collects the figures of one stage.
class StageCount {
 public:
  void first_pass(const LinkFacts::Stage& stage, std::int64_t session) {
    if (!stage.delivered) return;
    ++figures_.pictures;
    figures_.bytes += stage.bytes;
    if (!stage.span) return;
    figures_.busy_us += duration(*stage.span);
    times_.first_pass(duration(*stage.span));
    Span& whole = sessions_.try_emplace(session, *stage.span).first->second;
    whole.started_us = std::min(whole.started_us, stage.span->started_us);
    whole.ended_us = std::max(whole.ended_us, stage.span->ended_us);
  }
  void failed() { ++figures_.failed; }
  void narrow() { times_.narrow(); }
  void second_pass(const LinkFacts::Stage& stage) {
    if (stage.delivered && stage.span) times_.second_pass(duration(*stage.span));
  }

  [[nodiscard]] StageFigures figures() const {
    StageFigures result = figures_;
    result.worked = times_.count();
    for (const auto& [session, whole] : sessions_) result.wall_us += duration(whole);
    result.p50_us = times_.at_us(50);
    result.p95_us = times_.at_us(95);
    result.p99_us = times_.at_us(99);
    result.max_us = times_.max_us();
    return result;
  }

 private:
  static std::uint64_t duration(const Span& span) { return static_cast<std::uint64_t>(span.duration_us()); }

  StageFigures figures_;
  Percentiles times_;
  std::map<std::int64_t, Span> sessions_;
};

bool ended_at_resizer(const LinkFacts& link) {
  static const std::string crashed = Reason(Reason::crashed_the_resizer).text();
  return link.fetch.delivered || link.resize.span || link.reason == crashed;
}

}  // namespace

double StageFigures::images_per_s() const {
  return wall_us == 0 ? 0 : static_cast<double>(worked) * 1e6 / static_cast<double>(wall_us);
}

RunFigures run_figures(const EachLink& each, bool local_pictures, std::uint64_t wall_us) {
  RunFigures run;
  run.wall_us = wall_us;
  run.local_pictures = local_pictures;
  StageCount fetch;
  StageCount resize;
  each([&](const LinkFacts& link) {
    ++run.links;
    run.attempts += link.attempts;
    fetch.first_pass(link.fetch, link.session);
    resize.first_pass(link.resize, link.session);
    if (link.reason.empty()) {
      ++run.done;
      return;
    }
    ++run.failed;
    ++run.reasons[std::string(link.reason)];
    (local_pictures || ended_at_resizer(link) ? resize : fetch).failed();
  });
  fetch.narrow();
  resize.narrow();
  each([&](const LinkFacts& link) {
    fetch.second_pass(link.fetch);
    resize.second_pass(link.resize);
  });
  run.fetch = fetch.figures();
  run.resize = resize.figures();
  return run;
}

}  // namespace thumbline
