#include "collector/live_figures.h"

namespace thumbline {
namespace {

void put(StageFigures& stage, const DurationHistogram& times) {
  stage.p50_us = times.at_us(50);
  stage.p95_us = times.at_us(95);
  stage.p99_us = times.at_us(99);
}

}  // namespace

void LiveFigures::add(const LinkRow& row, bool local_pictures) {
  local_pictures_ = local_pictures;
  const LinkFacts link = facts_of(row, 0);
  totals_.add(link, local_pictures);
  if (const auto time = link.fetch.worked_us()) fetch_.add(*time);
  if (const auto time = link.resize.worked_us()) resize_.add(*time);
  members_.add(row);
}

RunFigures LiveFigures::figures(std::uint64_t wall_us) const {
  RunFigures run = totals_.figures();
  run.wall_us = wall_us;
  run.local_pictures = local_pictures_;
  put(run.fetch, fetch_);
  put(run.resize, resize_);
  return run;
}

}  // namespace thumbline
