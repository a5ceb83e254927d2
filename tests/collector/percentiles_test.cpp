#include "collector/percentiles.h"

#include <algorithm>
#include <random>

#include "tests/catch.h"

using namespace thumbline;

namespace {

Percentiles percentiles(const std::vector<std::uint64_t>& durations) {
  Percentiles result;
  for (const std::uint64_t us : durations) result.first_pass(us);
  result.narrow();
  for (const std::uint64_t us : durations) result.second_pass(us);
  return result;
}

}  // namespace

TEST_CASE("percentiles are those of the sorted durations, by nearest rank") {
  std::mt19937_64 random(GENERATE(1U, 2U, 3U));
  const std::size_t count = GENERATE(1U, 2U, 19U, 20U, 21U, 99U, 100U, 101U, 5000U);
  const std::uint64_t most = GENERATE(3U, 70'000U, 60'000'000U, 4'000'000'000U);
  std::vector<std::uint64_t> durations(count);
  for (std::uint64_t& us : durations) us = random() % most;
  const Percentiles found = percentiles(durations);
  std::ranges::sort(durations);
  for (const int percent : Percentiles::wanted) {
    const auto rank = (static_cast<std::size_t>(percent) * count + 99) / 100;
    CHECK(found.at_us(percent) == durations[rank - 1]);
  }
  CHECK(found.max_us() == durations.back());
}

TEST_CASE("the nearest rank is one of the values, never between two") {
  const Percentiles found = percentiles({10, 20, 30, 40});
  CHECK(found.at_us(50) == 20);
  CHECK(found.at_us(95) == 40);
}

TEST_CASE("there are no percentiles of nothing") {
  CHECK(percentiles({}).at_us(50) == 0);
  CHECK(percentiles({}).max_us() == 0);
}

TEST_CASE("durations beyond the ceiling count as the ceiling, but the longest is exact") {
  const Percentiles found = percentiles({1, Percentiles::ceiling_us + 5, Percentiles::ceiling_us + 7});
  CHECK(found.at_us(50) == Percentiles::ceiling_us);
  CHECK(found.max_us() == Percentiles::ceiling_us + 7);
}
