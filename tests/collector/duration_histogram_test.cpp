#include "collector/duration_histogram.h"

#include <algorithm>
#include <vector>

#include "tests/catch.h"

using namespace thumbline;

namespace {

DurationHistogram of(const std::vector<std::uint64_t>& durations) {
  DurationHistogram histogram;
  for (const std::uint64_t duration : durations) histogram.add(duration);
  return histogram;
}

}  // namespace

TEST_CASE("no durations have no percentiles") {
  const DurationHistogram none;
  CHECK(none.count() == 0);
  CHECK(none.at_us(50) == 0);
  CHECK(none.max_us() == 0);
}

TEST_CASE("percentiles of short durations are exact, by nearest rank") {
  std::vector<std::uint64_t> durations;
  for (std::uint64_t i = 1; i <= 100; ++i) durations.push_back(101 - i);
  const DurationHistogram histogram = of(durations);
  CHECK(histogram.at_us(50) == 50);
  CHECK(histogram.at_us(95) == 95);
  CHECK(histogram.at_us(100) == 100);
  CHECK(of({7}).at_us(1) == 7);
  CHECK(of({3, 9}).at_us(50) == 3);
  CHECK(of({3, 9}).at_us(51) == 9);
  CHECK(of({0}).at_us(50) == 0);
}

TEST_CASE("no percentile is below the exact one, nor more than 1/64 above it") {
  for (std::uint64_t exact = 1; exact < DurationHistogram::ceiling_us; exact += exact / 37 + 1) {
    DurationHistogram histogram;
    for (int i = 0; i < 3; ++i) histogram.add(exact);
    histogram.add(DurationHistogram::ceiling_us);
    const std::uint64_t found = histogram.at_us(50);
    REQUIRE(found >= exact);
    REQUIRE(found - exact <= exact / 64);
  }
}

TEST_CASE("durations beyond the ceiling count as the longest, and the longest of all is known") {
  const DurationHistogram histogram = of({1, DurationHistogram::ceiling_us + 10, DurationHistogram::ceiling_us * 3});
  CHECK(histogram.count() == 3);
  CHECK(histogram.at_us(50) == DurationHistogram::ceiling_us);
  CHECK(histogram.max_us() == DurationHistogram::ceiling_us * 3);
}
