#include "producer/host_pace.h"

#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

/// A pace with a clock that the test turns. What it does against hosts that limit their rate is in limited_hosts_test.cpp.
struct Pace : HostPace {
  explicit Pace(double most_a_second = 0) : HostPace(most_a_second) {}

  Moment time = Moment() + 1h;

  [[nodiscard]] bool may_send() const { return next(time) <= time; }
  /// As many as may go out now; the number of the last.
  std::uint64_t send_all() {
    std::uint64_t last = 0;
    while (may_send()) last = published(time);
    return last;
  }
  void refuse(std::uint64_t number, std::chrono::milliseconds retry_after = 0ms) {
    refused({{number, time}, retry_after}, 0.5, time);
  }
};

}  // namespace

TEST_CASE("a host that refuses nothing has a window that doubles each round trip") {
  Pace pace;
  std::uint64_t first = 1;
  for (const std::uint64_t expected : {16U, 32U, 64U, 128U}) {
    const std::uint64_t last = pace.send_all();
    CHECK(last - first + 1 == expected);
    pace.time += 10ms;
    for (; first <= last; ++first) pace.answered(first, pace.time);
  }
  CHECK(pace.rate() == 0);
}

TEST_CASE("what is lost or handed back makes room and is no success") {
  Pace pace;
  const std::uint64_t last = pace.send_all();
  for (std::uint64_t number = 1; number <= last; ++number) pace.dropped(number);
  CHECK(pace.answers() == 0);
  CHECK(pace.send_all() - last == 16);
}

TEST_CASE("refusals of requests that were out together slow a host once") {
  Pace pace;
  const std::uint64_t last = pace.send_all();
  pace.time += 50ms;
  for (std::uint64_t number = 1; number <= 8; ++number) pace.answered(number, pace.time);
  pace.refuse(9);
  const double rate = pace.rate();
  CHECK(rate > 0);
  for (std::uint64_t number = 10; number <= last; ++number) pace.refuse(number);
  CHECK(pace.rate() == rate);
  CHECK_FALSE(pace.refuses_all());
}

TEST_CASE("a pause that a host asks for is kept, then it goes on at its rate") {
  Pace pace;
  pace.send_all();
  pace.refuse(1, 30s);
  pace.time += 29s;
  CHECK_FALSE(pace.may_send());
  pace.time += 2s;
  CHECK(pace.may_send());
  pace.published(pace.time);
  CHECK_FALSE(pace.may_send());
}

TEST_CASE("where everything is refused one probe is out at a time, each later than the one before, until it is no use") {
  Pace pace;
  const std::uint64_t last = pace.send_all();
  for (std::uint64_t number = 1; number <= last; ++number) pace.refuse(number);
  Moment::duration waited{};
  for (int probe = 2; probe <= 6; ++probe) {
    CHECK_FALSE(pace.is_hopeless(probe, pace.time));
    const Moment due = pace.next(pace.time);
    CHECK(due - pace.time > waited);
    waited = due - pace.time;
    pace.time = due;
    const std::uint64_t number = pace.published(pace.time);
    if (probe > 2) CHECK(pace.next(pace.time + 1h) == Moment::max());  // it is out
    pace.refuse(number);
    CHECK(pace.is_hopeless(probe, pace.time));
  }
}

TEST_CASE("a host through which anything ever got has more patience") {
  Pace pace;
  const std::uint64_t last = pace.send_all();
  pace.answered(1, pace.time);
  for (std::uint64_t number = 2; number <= last; ++number) pace.refuse(number);
  for (int probe = 2; probe <= 5; ++probe) {
    pace.time = pace.next(pace.time);
    pace.refuse(pace.published(pace.time));
  }
  CHECK_FALSE(pace.is_hopeless(5, pace.time));
  CHECK(pace.is_hopeless(5, pace.time + 100s));
}

TEST_CASE("a ceiling is kept from the first request on, and what a late timer has missed is hardly caught up on") {
  Pace pace(10);
  std::uint64_t sent = 0;
  for (const Moment end = pace.time + 10s; pace.time < end; pace.time += 37ms) {
    for (; pace.may_send(); pace.answered(sent, pace.time)) sent = pace.published(pace.time);
  }
  CHECK(sent >= 90);
  CHECK(sent <= 102);
}
