#include "tests/producer/limited_hosts.h"

#include <cmath>

#include "tests/catch.h"

using namespace thumbline;

namespace {

LimitedRun::Result run_of(int links, std::unique_ptr<Limiter> limiter, const LimitedRun::Settings& settings) {
  LimitedRun run(settings);
  run.host("limited", std::move(limiter));
  for (int i = 0; i < links; ++i) run.link("limited");
  return run.run();
}

}  // namespace

TEST_CASE(
    "a host that allows 20 requests a second and a few more at once gets all its links done in hardly more time than that "
    "takes") {
  const double latency = GENERATE(0.001, 0.05, 0.2);
  const int fetchers = GENERATE(1, 3);
  const double retry_after = GENERATE(-1.0, 0.0, 1.0, 0.6);  // none, or so many seconds; a date is rounded
  const double burst = GENERATE(5.0, 10.0, 40.0);
  CAPTURE(latency, fetchers, retry_after, burst);
  constexpr int links = 400;
  const auto result = run_of(links, std::make_unique<LeakyBucket>(20, burst),
                             {.latency_s = latency, .fetchers = fetchers, .retry_after_s = retry_after});
  CHECK(result.done == links);
  CHECK(result.time_s < 1.4 * (links - burst - 1) / 20 + latency);
  CHECK(result.refused_share() < (burst > 20 && latency > 0.01 ? 0.2 : 0.1));  // it doubles up to there, in larger steps
}

TEST_CASE("other limits are found as well") {
  struct Row {
    const char* name;
    std::function<std::unique_ptr<Limiter>()> limiter;
    int links;
    double ideal_s, latency_s, most_times, most_refused;
  };
  const auto bucket = [](double rate, double burst) { return [=] { return std::make_unique<LeakyBucket>(rate, burst); }; };
  const auto window = [](int most, double span) { return [=] { return std::make_unique<FixedWindow>(most, span); }; };
  const Row row = GENERATE_COPY(from_range(std::vector<Row>{
      {"1/s", bucket(1, 10), 100, 89, 0.001, 1.3, 0.35},
      {"1/s, a second away", bucket(1, 10), 100, 89, 1, 1.3, 0.45},
      {"5/s", bucket(5, 10), 400, 78, 0.05, 1.3, 0.1},
      {"5/s, a second away", bucket(5, 10), 400, 78, 1, 1.3, 0.15},
      {"20/s, a second away", bucket(20, 10), 400, 20.5, 1, 1.5, 0.15},
      {"20/s, none at once", bucket(20, 0), 400, 20, 0.001, 1.5, 0.1},
      {"200/s", bucket(200, 10), 4000, 20, 0.05, 1.3, 0.1},
      {"20 in each second", window(20, 1), 400, 19, 0.001, 1.5, 0.15},
      {"20 in each second, a second away", window(20, 1), 400, 20, 1, 1.8, 0.25},
      {"100 in each ten seconds", window(100, 10), 400, 30, 0.001, 1.6, 0.15},
      {"60 in each minute", window(60, 60), 200, 140, 0.05, 1.6, 0.45},
  }));
  const int fetchers = GENERATE(1, 3);
  CAPTURE(row.name, fetchers);
  const auto result = run_of(row.links, row.limiter(), {.latency_s = row.latency_s, .fetchers = fetchers});
  CHECK(result.done == row.links);
  CHECK(result.time_s < row.most_times * row.ideal_s);
  CHECK(result.refused_share() < row.most_refused);
}

TEST_CASE("a limit is kept to although successes come late, as behind slow resizers") {
  const double delay = GENERATE(1.0, 5.0);
  const auto result = run_of(400, std::make_unique<LeakyBucket>(20, 10), {.latency_s = 0.01, .success_delay_s = delay});
  CHECK(result.done == 400);
  CHECK(result.time_s < 1.5 * 19.5 + 2 * delay);
  CHECK(result.refused_share() < 0.1);
}

TEST_CASE("refusals that have nothing to do with the rate slow a host for a moment only") {
  const unsigned percent = GENERATE(1U, 5U, 20U);
  const auto result = run_of(5000, std::make_unique<Chance>(percent), {.latency_s = 0.01});
  CAPTURE(percent);
  CHECK(result.done == 5000);
  CHECK(result.time_s < 60);
}

TEST_CASE("a host that refuses everything ends, and does not get many requests for that") {
  const auto result = run_of(5000, std::make_unique<FixedWindow>(0, 1), {.latency_s = 0.05});
  CHECK(result.failed == 5000);
  CHECK(result.time_s < 60);
  CHECK(result.requests < 30);
}

TEST_CASE("a host that begins to refuse everything is waited for, and not for ever") {
  const auto result = run_of(2000, std::make_unique<FixedWindow>(200, 1e9), {.latency_s = 0.05});
  CHECK(result.done == 200);
  CHECK(result.failed == 1800);
  CHECK(result.time_s > 60);
  CHECK(result.time_s < 300);
}

TEST_CASE("hosts that refuse do not delay the links of others") {
  const auto good_after = [](int refusing, std::unique_ptr<Limiter> (*limiter)()) {
    LimitedRun run({.latency_s = 0.05});
    run.host("good", std::make_unique<Chance>(0));
    for (int i = 0; i < refusing; ++i) run.host("refusing" + std::to_string(i), limiter());
    for (int i = 0; i < 2000; ++i) {
      run.link("good");
      for (int host = i % 10; host < refusing; host += 100) run.link("refusing" + std::to_string(host));
    }
    const auto result = run.run();
    CHECK(result.done + result.failed == 2000 + refusing / 100 * 2000);
    return result.done_s.at("good");
  };
  const double alone = good_after(0, nullptr);
  CHECK(good_after(1000, [] { return std::unique_ptr<Limiter>(std::make_unique<FixedWindow>(0, 1)); }) < 3 * alone);
}
