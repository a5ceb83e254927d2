#include "collector/run_figures.h"

#include "collector/percentiles.h"
#include "collector/run_totals.h"

namespace thumbline {
namespace {

void put(StageFigures& stage, const Percentiles& times) {
  stage.p50_us = times.at_us(50);
  stage.p95_us = times.at_us(95);
  stage.p99_us = times.at_us(99);
}

}  // namespace

double StageFigures::images_per_s() const {
  return wall_us == 0 ? 0 : static_cast<double>(worked) * 1e6 / static_cast<double>(wall_us);
}

RunFigures run_figures(const EachLink& each, bool local_pictures, std::uint64_t wall_us) {
  RunTotals totals;
  Percentiles fetch;
  Percentiles resize;
  each([&](const LinkFacts& link) {
    totals.add(link, local_pictures);
    if (const auto time = link.fetch.worked_us()) fetch.first_pass(*time);
    if (const auto time = link.resize.worked_us()) resize.first_pass(*time);
  });
  fetch.narrow();
  resize.narrow();
  each([&](const LinkFacts& link) {
    if (const auto time = link.fetch.worked_us()) fetch.second_pass(*time);
    if (const auto time = link.resize.worked_us()) resize.second_pass(*time);
  });
  RunFigures run = totals.figures();
  run.wall_us = wall_us;
  run.local_pictures = local_pictures;
  put(run.fetch, fetch);
  put(run.resize, resize);
  return run;
}

}  // namespace thumbline
