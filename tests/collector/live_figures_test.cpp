#include "collector/live_figures.h"

#include <utility>
#include <vector>

#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;

namespace {

/// Links of all kinds, with times from 0.1 ms to some seconds.
std::vector<LinkRow> links() {
  std::vector<LinkRow> rows;
  for (std::uint64_t i = 1; i <= 500; ++i) {
    wire::Outcome outcome = test::done_link(i);
    outcome.mutable_fetch()->set_duration_us(100 + i * i * 20);
    outcome.mutable_resize()->set_duration_us(100 + i * 37);
    outcome.mutable_fetch()->set_reused(i % 50 == 0);
    if (i % 7 == 0) {
      outcome.mutable_resize()->clear_path();
      outcome.mutable_failure()->set_reason(i % 2 == 0 ? "corrupt" : "decode-limit");
    }
    if (i % 9 == 0) {
      outcome.clear_resize();
      outcome.mutable_fetch()->clear_path();
      outcome.mutable_failure()->set_reason("timeout");
    }
    rows.push_back(link_row(outcome, static_cast<std::int64_t>(1'000'000'000 + i * 1000)));
  }
  return rows;
}

void check_near(std::uint64_t live, std::uint64_t exact) {
  CHECK(live >= exact);
  CHECK(live - exact <= exact / 64);
}

void check_same(const StageFigures& live, const StageFigures& exact) {
  CHECK(live.pictures == exact.pictures);
  CHECK(live.failed == exact.failed);
  CHECK(live.bytes == exact.bytes);
  CHECK(live.worked == exact.worked);
  CHECK(live.wall_us == exact.wall_us);
  CHECK(live.busy_us == exact.busy_us);
  CHECK(live.max_us == exact.max_us);
  CHECK(live.images_per_s() == exact.images_per_s());
  check_near(live.p50_us, exact.p50_us);
  check_near(live.p95_us, exact.p95_us);
  check_near(live.p99_us, exact.p99_us);
}

}  // namespace

TEST_CASE("the figures of a run that goes on are those that it would have if it ended now") {
  const bool local_pictures = GENERATE(false, true);
  const std::vector<LinkRow> rows = links();
  LiveFigures live;
  for (std::size_t count = 0; count <= rows.size(); ++count) {
    if (count > 0) live.add(rows[count - 1], local_pictures);
    if (count != 1 && count != 20 && count != rows.size()) continue;
    const auto each = [&](const std::function<void(const LinkFacts&)>& visit) {
      for (std::size_t i = 0; i < count; ++i) visit(facts_of(rows[i], 0));
    };
    const RunFigures exact = run_figures(each, local_pictures, 123);
    const RunFigures so_far = live.figures(123);
    CHECK(so_far.links == exact.links);
    CHECK(so_far.done == exact.done);
    CHECK(so_far.failed == exact.failed);
    CHECK(so_far.reasons == exact.reasons);
    CHECK(so_far.attempts == exact.attempts);
    CHECK(so_far.wall_us == exact.wall_us);
    CHECK(so_far.local_pictures == exact.local_pictures);
    check_same(so_far.fetch, exact.fetch);
    check_same(so_far.resize, exact.resize);
  }
}

TEST_CASE("workers have their shares while the run goes on") {
  LiveFigures live;
  live.add(link_row(test::done_link(1), 1'000'000), false);
  CHECK(live.members().members().at("one:11").pictures == 1);
  CHECK(live.members().members().at("two:22").busy_us == 3'000);
}

TEST_CASE("a run that has only begun has no figures") {
  const RunFigures none = LiveFigures().figures(0);
  CHECK(none.links == 0);
  CHECK(none.fetch.p99_us == 0);
  CHECK(none.fetch.images_per_s() == 0);
}
