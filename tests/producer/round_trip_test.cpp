#include "producer/round_trip.h"

#include "tests/catch.h"

using namespace std::chrono_literals;
using thumbline::RoundTrip;

TEST_CASE("before anything was measured the estimate is what the caller says") {
  CHECK(RoundTrip().estimate(10s) == 10s);
}

TEST_CASE("the first sample counts three times: itself and four halves, as RFC 6298 2.2 has it") {
  RoundTrip round_trip;
  round_trip.add(100ms, 1);
  CHECK(std::chrono::duration<double>(round_trip.estimate(10s)).count() == Approx(0.3));
}

TEST_CASE("the deviation of a sample is that from the average before it, as RFC 6298 2.3 has it") {
  RoundTrip round_trip;
  round_trip.add(100ms, 1);
  round_trip.add(300ms, 1);  // the second of two: half of the average, and of the deviation
  CHECK(std::chrono::duration<double>(round_trip.estimate(10s)).count() == Approx(0.2 + 4 * (0.05 + 0.2) / 2));
}

TEST_CASE("steady samples bring the estimate down to themselves, jumpy ones keep it above them") {
  RoundTrip steady;
  RoundTrip jumpy;
  for (int i = 0; i < 1000; ++i) {
    steady.add(200ms, 1);
    jumpy.add(i % 2 == 0 ? 100ms : 300ms, 1);
  }
  CHECK(std::chrono::duration<double>(steady.estimate(10s)).count() == Approx(0.2).margin(0.01));
  CHECK(jumpy.estimate(10s) > 400ms);
}

TEST_CASE("one outlier among a window of links moves the estimate less than one among few") {
  RoundTrip few;
  RoundTrip many;
  for (int i = 0; i < 5000; ++i) {
    few.add(100ms, 1);
    many.add(100ms, 500);
  }
  few.add(10s, 1);
  many.add(10s, 500);
  CHECK(many.estimate(10s) < few.estimate(10s) / 4);
}

TEST_CASE("what is out almost alone is expected sooner than among a window of links, but not sooner than some could be") {
  RoundTrip round_trip;
  for (int i = 0; i < 1000; ++i) round_trip.add(i == 500 ? 100ms : 5s, 500);
  CHECK(round_trip.estimate(10s, 500) == round_trip.estimate(10s));
  CHECK(round_trip.estimate(10s, 50) < round_trip.estimate(10s) / 5);
  CHECK(round_trip.estimate(10s, 1) == 400ms);
  CHECK(RoundTrip().estimate(10s, 1) == 10s);
}
