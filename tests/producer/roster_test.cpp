#include "producer/roster.h"

#include <algorithm>
#include <chrono>
#include <set>

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

wire::Present resizer(std::uint64_t known = 0) {
  wire::Present present;
  present.set_store("store");
  present.set_wants_sources(true);
  present.set_sources_known(known);
  return present;
}

/// What a worker hears that has said this.
wire::Places answer(Roster& roster, const std::string& peer, const wire::Present& present, Moment now) {
  wire::Places places;
  roster.heard(peer, "198.18.0.9", present, now);
  roster.tell(peer, present, places);
  return places;
}

const Moment begin = Moment() + 1h;

/// So many, each with a connection and a heartbeat.
void fill(Roster& roster, int count, Moment now = begin) {
  for (int i = 0; i < count; ++i) roster.heard("worker" + std::to_string(i), "198.18.0.2", {}, now);
}

}  // namespace

TEST_CASE("who looks for sources is told of those that give out pictures of its store, and not of who has been silent") {
  Roster roster(7);
  roster.heard("a", "198.18.0.2", fetcher(7120), begin);
  roster.heard("b", "198.18.0.3", fetcher(7120), begin);
  wire::Present elsewhere = fetcher(7120);
  elsewhere.set_store("another");
  roster.heard("c", "198.18.0.4", elsewhere, begin);
  CHECK(answer(roster, "resizer", resizer(), begin).sources_size() == 2);
  roster.heard("a", "198.18.0.2", fetcher(7121), begin + 4s);
  CHECK(roster.forget(begin + 8s) == std::vector<std::string>{"b", "c", "resizer"});
  const wire::Places places = answer(roster, "resizer", resizer(), begin + 8s);
  REQUIRE(places.sources_size() == 1);
  CHECK(places.sources(0).address() == "198.18.0.2");
  CHECK(places.sources(0).port() == 7121);
  CHECK(places.sources(0).store() == "store");
  roster.forget(begin + 1min);
  CHECK(answer(roster, "resizer", resizer(), begin + 1min).sources().empty());
  CHECK(answer(roster, "fetcher", fetcher(7120), begin + 1min).sources().empty());
}

TEST_CASE("sources are named again only where they have changed") {
  Roster roster(7);
  roster.heard("a", "198.18.0.2", fetcher(7120), begin);
  const wire::Places first = answer(roster, "resizer", resizer(), begin);
  CHECK(first.sources_size() == 1);
  CHECK_FALSE(first.same_sources());
  const auto again = [&] { return answer(roster, "resizer", resizer(first.sources_version()), begin); };
  roster.heard("a", "198.18.0.2", fetcher(7120), begin);
  CHECK(again().same_sources());
  CHECK(again().sources().empty());
  SECTION("another one comes") {
    roster.heard("b", "198.18.0.3", fetcher(7120), begin);
  }
  SECTION("one is at another port") {
    roster.heard("a", "198.18.0.2", fetcher(7121), begin);
  }
  SECTION("one is at another address") {
    roster.heard("a", "198.18.0.3", fetcher(7120), begin);
  }
  SECTION("its connection is gone") {
    roster.forget("a");
  }
  SECTION("it gives out none any more") {
    roster.heard("a", "198.18.0.2", fetcher(0), begin);
  }
  CHECK_FALSE(again().same_sources());
  CHECK(again().sources_version() != first.sources_version());
}

TEST_CASE("what a worker knows of an earlier process is not taken for what this one knows") {
  Roster earlier(1'000);
  earlier.heard("a", "198.18.0.2", fetcher(7120), begin);
  const std::uint64_t known = answer(earlier, "resizer", resizer(), begin).sources_version();
  Roster roster(2'000);
  roster.heard("b", "198.18.0.3", fetcher(7120), begin);
  CHECK(answer(roster, "resizer", resizer(known), begin).sources_size() == 1);
}

TEST_CASE("sources that stay are named for ever") {
  wire::Places places;
  places.add_sources()->set_port(7118);
  places.mutable_sources(0)->set_store("store");
  Roster roster(7, places.sources());
  roster.forget(begin + 24h);
  CHECK(answer(roster, "resizer", resizer(), begin + 24h).sources_size() == 1);
}

TEST_CASE("of very many sources each worker is told a part, and no source is left out") {
  Roster roster(7);
  constexpr int fetchers = 1000;
  for (int i = 0; i < fetchers; ++i) {
    roster.heard("fetcher" + std::to_string(i), "198.18.0.2", fetcher(static_cast<std::uint32_t>(i + 1)), begin);
  }
  std::set<std::uint32_t> named;
  for (int i = 0; i < 100; ++i) {
    const wire::Places places = answer(roster, "resizer" + std::to_string(i), resizer(), begin);
    CHECK(places.sources_size() == static_cast<int>(Roster::most_sources));
    std::set<std::uint32_t> mine;
    for (const wire::Source& source : places.sources()) mine.insert(source.port());
    CHECK(mine.size() == Roster::most_sources);
    named.merge(mine);
  }
  CHECK(named.size() == fetchers);
}

TEST_CASE("the more workers there are, the less often each is to speak, and the longer it is believed") {
  Roster few(7);
  fill(few, 10);
  CHECK(answer(few, "one", {}, begin).heartbeat_ms() == 500);
  CHECK(few.forget(begin + 5s).empty());
  CHECK(few.forget(begin + 6s).size() == 11);

  Roster many(7);
  fill(many, 10'000);
  const auto heartbeat = std::chrono::milliseconds(answer(many, "one", {}, begin).heartbeat_ms());
  CHECK(10'000 / std::chrono::duration<double>(heartbeat).count() <= 500);  // a second, from all of them
  fill(many, 10'000, begin + heartbeat);                                    // all know by now
  CHECK(many.forget(begin + heartbeat * 3).empty());
  CHECK(many.forget(begin + heartbeat * 5).size() == 10'001);
  CHECK(many.size() == 0);
}

TEST_CASE("a heartbeat of one among very many costs hardly more than of one among few") {
  const auto best_of = [](int workers) {
    Roster roster(7);
    fill(roster, workers);
    auto best = Moment::duration::max();
    for (int turn = 0; turn < 5; ++turn) {
      const Moment start = now();
      for (int i = 0; i < 1000; ++i) {
        answer(roster, "worker" + std::to_string(i * 7 % workers), resizer(7), begin);
        roster.forget(begin);
        roster.changes();
      }
      best = std::min(best, now() - start);
    }
    return best;
  };
  CHECK(best_of(20'000) < 20 * best_of(20));  // a walk through all would cost a thousand times as much
}

TEST_CASE("an address is one that others can use in an endpoint") {
  CHECK(Roster::address_for_others("198.18.0.2") == "198.18.0.2");
  CHECK(Roster::address_for_others("::ffff:198.18.0.2") == "198.18.0.2");
  CHECK(Roster::address_for_others("2001:db8::1") == "[2001:db8::1]");
  for (const char* own : {"127.0.0.1", "::ffff:127.0.0.1", "::1", ""}) CHECK(Roster::address_for_others(own).empty());
}

TEST_CASE("a host comes with its first worker and goes with its last") {
  Roster roster(7);
  wire::Present worker;
  worker.set_host("left");
  roster.heard("a", "198.18.0.2", worker, begin);
  roster.heard("b", "198.18.0.2", worker, begin);
  auto changes = roster.changes();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].host == "left");
  CHECK(changes[0].joined);
  roster.heard("b", "198.18.0.2", worker, begin + 10s);
  roster.forget(begin + 10s);
  CHECK(roster.changes().empty());
  roster.forget(begin + 20s);
  changes = roster.changes();
  REQUIRE(changes.size() == 1);
  CHECK_FALSE(changes[0].joined);
  roster.heard("c", "198.18.0.2", worker, begin + 30s);
  roster.forget("c");
  CHECK(roster.changes().empty());
}

TEST_CASE("a connection that names another host is counted there alone") {
  Roster roster(7);
  wire::Present worker;
  worker.set_host("left");
  roster.heard("a", "198.18.0.2", worker, begin);
  roster.changes();
  worker.set_host("right");
  roster.heard("a", "198.18.0.2", worker, begin);
  const auto changes = roster.changes();
  REQUIRE(changes.size() == 2);
  CHECK((changes[0].host == "left" && !changes[0].joined));
  CHECK((changes[1].host == "right" && changes[1].joined));
}
