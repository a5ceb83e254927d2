#include "producer/backoff.h"

#include "tests/catch.h"

using namespace std::chrono_literals;
using thumbline::backoff;

TEST_CASE("the ceiling of the backoff doubles with each failure, up to a minute") {
  constexpr double nearly_one = 0.999999;
  auto previous = 0ms;
  for (int failures = 1; failures <= 8; ++failures) {
    const auto longest = backoff(failures, 0ms, nearly_one);
    CHECK(longest >= previous);
    CHECK(longest <= 60s);
    CHECK(backoff(failures, 0ms, 0.0) == 0ms);  // full jitter starts at nothing
    previous = longest;
  }
  CHECK(backoff(1, 0ms, nearly_one) <= 500ms);
  CHECK(backoff(1, 0ms, nearly_one) > 490ms);
  CHECK(backoff(2, 0ms, nearly_one) > backoff(1, 0ms, nearly_one) * 3 / 2);
  CHECK(backoff(1'000'000, 0ms, nearly_one) <= 60s);
}

TEST_CASE("nobody comes back sooner than the server asked, and absurd wishes are not granted") {
  CHECK(backoff(1, 5s, 0.0) == 5s);
  CHECK(backoff(3, 5s, 0.5) > 5s);
  CHECK(backoff(1, -5s, 0.0) == 0ms);
  CHECK(backoff(1, 1'000'000h, 0.0) == 1h);
}
