#include "collector/run_figures.h"

#include <vector>

#include "tests/catch.h"

using namespace thumbline;

namespace {

LinkFacts::Stage worked(std::int64_t started_us, std::int64_t ended_us, std::uint64_t bytes = 10) {
  return {true, bytes, Span{started_us, ended_us}};
}
LinkFacts::Stage reused() {
  return {true, 10, std::nullopt};
}
LinkFacts::Stage in_vain(std::int64_t started_us, std::int64_t ended_us) {
  return {false, 0, Span{started_us, ended_us}};
}

RunFigures figures(const std::vector<LinkFacts>& links, bool local_pictures = false) {
  const auto each = [&](const std::function<void(const LinkFacts&)>& visit) {
    for (const LinkFacts& link : links) visit(link);
  };
  return run_figures(each, local_pictures, 0);
}

}  // namespace

TEST_CASE("a stage's time goes from its first start to its last end, and pictures by that time are its speed") {
  const RunFigures run = figures({
      {"", 1, 1, worked(1'000'000, 3'000'000, 100), worked(3'000'000, 3'100'000)},
      {"", 2, 1, worked(2'000'000, 5'000'000, 200), worked(5'000'000, 5'100'000)},
  });
  CHECK(run.links == 2);
  CHECK(run.done == 2);
  CHECK(run.attempts == 3);
  CHECK(run.fetch.pictures == 2);
  CHECK(run.fetch.bytes == 300);
  CHECK(run.fetch.wall_us == 4'000'000);
  CHECK(run.fetch.busy_us == 5'000'000);
  CHECK(run.fetch.p50_us == 2'000'000);
  CHECK(run.fetch.max_us == 3'000'000);
  CHECK(run.fetch.images_per_s() == Approx(0.5));
  CHECK(run.resize.busy_us == 200'000);
}

TEST_CASE("the time between two sessions is nobody's") {
  const RunFigures run = figures({
      {"", 1, 1, worked(0, 1'000'000), {}},
      {"", 1, 2, worked(86'400'000'000, 86'402'000'000), {}},
  });
  CHECK(run.fetch.wall_us == 3'000'000);
}

TEST_CASE("a picture that lay in the store counts, and is neither fast nor slow") {
  const RunFigures run = figures({{"", 1, 1, worked(0, 1'000'000), {}}, {"", 1, 1, reused(), {}}});
  CHECK(run.fetch.pictures == 2);
  CHECK(run.fetch.worked == 1);
  CHECK(run.fetch.p50_us == 1'000'000);
  CHECK(run.fetch.images_per_s() == Approx(1));
}

TEST_CASE("a failure belongs to the stage where the link ended") {
  const RunFigures run = figures({
      {"http-404", 1, 1, in_vain(0, 10), {}},
      {"lost", 5, 1, {}, {}},
      {"truncated", 1, 1, worked(0, 10), in_vain(10, 20)},
      {"crashed-the-resizer", 3, 1, {}, {}},
      {"corrupt", 1, 1, {}, in_vain(10, 20)},
  });
  CHECK(run.fetch.failed == 2);
  CHECK(run.resize.failed == 3);
  CHECK(run.fetch.pictures == 1);
  CHECK(run.resize.pictures == 0);
  CHECK(run.reasons.at("http-404") == 1);
  CHECK(run.reasons.size() == 5);
  CHECK(run.failed == 5);
}

TEST_CASE("where nothing is fetched, every failure is the resizers'") {
  const RunFigures run = figures({{"lost", 5, 1, {}, {}}, {"not-an-image", 1, 1, {}, in_vain(0, 5)}}, true);
  CHECK(run.fetch.failed == 0);
  CHECK(run.resize.failed == 2);
}

TEST_CASE("a run without links has figures, all of them 0") {
  const RunFigures run = figures({});
  CHECK(run.links == 0);
  CHECK(run.fetch.images_per_s() == 0);
}
