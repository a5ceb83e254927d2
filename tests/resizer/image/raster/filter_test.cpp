#include "resizer/image/raster/filter.h"

#include <numeric>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("weights sum to one and their windows lie inside the source, in order") {
  struct Case {
    int source;
    double start, length;
    int target;
  };
  const auto [source, start, length, target] =
      GENERATE(Case{1000, 0, 1000, 128}, Case{125, 0, 124.875, 62}, Case{1, 0, 1, 128}, Case{20000, 0, 20000, 1},
               Case{300, 50.25, 199.5, 128}, Case{7, 0, 7, 7}, Case{3, 1, 1, 50}, Case{2, 0, 0.125, 3});
  const Filter filter = lanczos3(source, start, length, target);
  REQUIRE(filter.windows.size() == static_cast<std::size_t>(target));
  int first = 0;
  int end = 0;
  for (const auto& window : filter.windows) {
    CHECK(window.count >= 1);
    CHECK(window.first >= first);
    CHECK(window.first + window.count >= end);
    first = window.first;
    end = window.first + window.count;
    const auto begin = filter.weights.begin() + static_cast<std::ptrdiff_t>(window.weights);
    CHECK(std::accumulate(begin, begin + window.count, 0.0) == Approx(1).margin(1e-5));
  }
  CHECK(end <= source);
}

TEST_CASE("the same size changes nothing") {
  const Filter filter = lanczos3(20, 0, 20, 20);
  for (int i = 0; i < 20; ++i) {
    const auto& window = filter.windows[static_cast<std::size_t>(i)];
    for (int j = 0; j < window.count; ++j) {
      const float weight = filter.weights[window.weights + static_cast<std::size_t>(j)];
      CHECK(weight == Approx(window.first + j == i ? 1 : 0).margin(1e-6));
    }
  }
}

TEST_CASE("both ends of a picture are treated alike") {
  const Filter filter = lanczos3(333, 0, 333, 40);
  for (std::size_t i = 0; i < 40; ++i) {
    const auto& left = filter.windows[i];
    const auto& right = filter.windows[39 - i];
    REQUIRE(left.count == right.count);
    CHECK(left.first == 333 - right.first - right.count);
    for (int j = 0; j < left.count; ++j) {
      CHECK(filter.weights[left.weights + static_cast<std::size_t>(j)] ==
            Approx(filter.weights[right.weights + static_cast<std::size_t>(right.count - 1 - j)]).margin(1e-6));
    }
  }
}

TEST_CASE("a last sample that is only partly there counts for its part") {
  const Filter filter = lanczos3(2.25, 0, 2.25, 1);
  REQUIRE(filter.windows[0].count == 3);
  // Lanczos-3 at the distances 0.625, 0.375 and 1 of the samples' centres from 1.125, over 2.25; the last weighs a quarter.
  CHECK(filter.weights[0] / filter.weights[1] == Approx(0.8655 / 0.9501).margin(1e-3));
  CHECK(filter.weights[2] / filter.weights[1] == Approx(0.25 * 0.6801 / 0.9501).margin(1e-3));
}
