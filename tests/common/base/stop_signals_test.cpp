#include "common/base/stop_signals.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "tests/catch.h"

using thumbline::StopSignals;

TEST_CASE("a signal to stop is something to poll, and does not end the process") {
  for (const int number : {SIGINT, SIGTERM}) {
    StopSignals signals;
    CHECK_FALSE(signals.take());
    ::kill(::getpid(), number);
    pollfd item{signals.fd(), POLLIN, 0};
    REQUIRE(::poll(&item, 1, 60'000) == 1);
    CHECK(signals.take());
    CHECK_FALSE(signals.take());
    CHECK(signals.at_once() == (number == SIGINT));
  }
}

TEST_CASE("who is asked a second time ends at once") {
  StopSignals signals;
  for (const bool second : {false, true}) {
    ::kill(::getpid(), SIGTERM);
    REQUIRE(signals.take());
    CHECK(signals.at_once() == second);
  }
}
