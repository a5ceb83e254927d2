#include "fetcher/watchdog.h"

#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

/// A thread that is looked at once a second.
class Watched {
 public:
  /// A second in which it used so much processor time; whether it hangs now.
  bool second(std::chrono::nanoseconds used, Doing doing = Doing::transfers, bool same_turn = true) {
    return after(1s, used, doing, same_turn);
  }
  bool after(std::chrono::nanoseconds passed, std::chrono::nanoseconds used, Doing doing = Doing::transfers,
             bool same_turn = true) {
    at_ += std::chrono::duration_cast<Moment::duration>(passed);
    sign_.doing = doing;
    sign_.processor += used;
    if (!same_turn) ++sign_.turn;
    return watchdog_.hangs(sign_, at_);
  }

 private:
  Watchdog watchdog_{WatchdogLimits{}};
  Sign sign_{.turn = 1};
  Moment at_{1h};
};

}  // namespace

TEST_CASE("a thread that works on and on in one turn hangs") {
  const Doing doing = GENERATE(Doing::transfers, Doing::files);
  Watched thread;
  thread.second(1s, doing);
  for (int i = 1; i < 30; ++i) REQUIRE_FALSE(thread.second(1s, doing));
  CHECK(thread.second(1s, doing));
}

TEST_CASE("one that comes back to its loop, or waits for something, does not") {
  Watched thread;
  for (int i = 0; i < 1000; ++i) REQUIRE_FALSE(thread.second(1s, Doing::transfers, false));
  for (int i = 0; i < 1000; ++i) REQUIRE_FALSE(thread.second(0s, Doing::waiting));
  for (int i = 0; i < 1000; ++i) REQUIRE_FALSE(thread.second(0s, Doing::files));
}

TEST_CASE("on a machine that gives it little time, a thread has as much as it needs") {
  Watched thread;
  for (int i = 0; i < 2900; ++i) REQUIRE_FALSE(thread.second(10ms));
}

TEST_CASE("a process that was stopped for hours in the middle of a turn goes on") {
  Watched thread;
  thread.second(1s);
  for (int i = 0; i < 20; ++i) REQUIRE_FALSE(thread.after(5h, 0s));
  CHECK_FALSE(thread.second(1s));
}

TEST_CASE("a thread that gets no time at all, and waits for nothing that it may wait for, hangs") {
  Watched thread;
  thread.second(0s);
  for (int i = 1; i < 300; ++i) REQUIRE_FALSE(thread.second(0s));
  CHECK(thread.second(0s));
}
