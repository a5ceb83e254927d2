#include "producer/roster.h"

#include <chrono>

#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

wire::Present fetcher(std::uint32_t port) {
  wire::Present present;
  present.set_paths(port);
  present.set_store("store");
  return present;
}

int sources(Roster& roster, Moment now) {
  wire::Places places;
  roster.tell(places, now);
  return places.sources_size();
}

}  // namespace

TEST_CASE("workers are told of whoever gives out pictures, and not of who has been silent") {
  Roster roster;
  const Moment begin = Moment() + 1h;
  roster.heard("a", "198.18.0.2", fetcher(7120), begin);
  roster.heard("b", "198.18.0.3", fetcher(7120), begin);
  roster.heard("resizer", "198.18.0.3", fetcher(0), begin);
  CHECK(sources(roster, begin) == 2);
  roster.heard("a", "198.18.0.2", fetcher(7121), begin + 4s);
  wire::Places places;
  roster.tell(places, begin + 8s);
  REQUIRE(places.sources_size() == 1);
  CHECK(places.sources(0).address() == "198.18.0.2");
  CHECK(places.sources(0).port() == 7121);
  CHECK(places.sources(0).store() == "store");
  CHECK(sources(roster, begin + 1min) == 0);
}

TEST_CASE("an address is one that others can use in an endpoint") {
  CHECK(Roster::address_for_others("198.18.0.2") == "198.18.0.2");
  CHECK(Roster::address_for_others("::ffff:198.18.0.2") == "198.18.0.2");
  CHECK(Roster::address_for_others("2001:db8::1") == "[2001:db8::1]");
  for (const char* own : {"127.0.0.1", "::ffff:127.0.0.1", "::1", ""}) CHECK(Roster::address_for_others(own).empty());
}

TEST_CASE("a host comes with its first worker and goes with its last") {
  Roster roster;
  const Moment begin = Moment() + 1h;
  wire::Present worker;
  worker.set_host("left");
  roster.heard("a", "198.18.0.2", worker, begin);
  roster.heard("b", "198.18.0.2", worker, begin);
  auto changes = roster.changes(begin);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].host == "left");
  CHECK(changes[0].joined);
  roster.heard("b", "198.18.0.2", worker, begin + 10s);
  CHECK(roster.changes(begin + 10s).empty());
  changes = roster.changes(begin + 20s);
  REQUIRE(changes.size() == 1);
  CHECK_FALSE(changes[0].joined);
}
