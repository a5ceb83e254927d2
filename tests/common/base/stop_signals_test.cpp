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

TEST_CASE("who was asked to finish may still be asked to end at once; the same question twice changes nothing") {
  StopSignals signals;
  for (const int number : {SIGTERM, SIGTERM, SIGINT, SIGTERM}) {  // a service manager and a launcher may both ask
    const bool before = signals.at_once();
    ::kill(::getpid(), number);
    REQUIRE(signals.take());
    CHECK(signals.at_once() == (before || number == SIGINT));
  }
}
