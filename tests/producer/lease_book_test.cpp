#include "producer/lease_book.h"

#include <deque>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

Link numbered(std::uint64_t id, const std::string& host = "h") {
  Link link;
  link.id = id;
  link.url = "http://" + host + "/" + std::to_string(id);
  return link;
}

/// A book with a clock that the test turns.
struct Book : LeaseBook {
  explicit Book(LeaseRules rules = {}) : LeaseBook(rules) {}

  Moment time = Moment() + 1h;

  void pass(std::chrono::milliseconds by) {
    time += by;
    tick(time);
  }
  /// Publishes what is next; its id, or 0.
  std::uint64_t publish_one() {
    const auto work = next(time);
    if (!work) return 0;
    last = *work;
    const std::uint64_t id = work->link->id;
    verdict = work->verdict != nullptr ? std::optional(*work->verdict) : std::nullopt;
    attempts[id] = work->attempt;
    if (verdict) verdicts.emplace(id, *verdict);
    published(time);
    return id;
  }
  std::set<std::uint64_t> publish_all() {
    std::set<std::uint64_t> ids;
    while (const std::uint64_t id = publish_one()) ids.insert(id);
    return ids;
  }
  /// A host that has refused gets its links one after the other.
  std::set<std::uint64_t> publish_for(std::chrono::milliseconds how_long) {
    std::set<std::uint64_t> ids;
    for (const Moment end = time + how_long; time < end; pass(100ms)) ids.merge(publish_all());
    return ids;
  }
  void settle(std::uint64_t id) { settled(id, time); }
  void fail(std::uint64_t id, std::uint32_t attempt, std::chrono::milliseconds retry_after = 0ms, bool rate_limited = false,
            const std::string& asked_by = "") {
    if (!rate_limited) return try_again({id, attempt, retry_after}, 0.5, time);
    Failure failure(Reason::rate_limited, "429");
    failure.retry_after = retry_after;
    failure.asked_by = asked_by;
    refused({id, attempt, failure}, 0.5, time);
  }
  void hand_back(std::uint64_t id, std::uint32_t attempt) { handed_back(id, attempt, time); }

  Publication last{};
  std::map<std::uint64_t, std::uint32_t> attempts;  ///< the newest of each
  std::map<std::uint64_t, Failure> verdicts;
  std::optional<Failure> verdict;
};

}  // namespace

TEST_CASE("no answer keeps a host's links waiting for longer than an hour") {
  const auto asked =
      GENERATE(2h, std::chrono::hours(24 * 365), std::chrono::duration_cast<std::chrono::hours>(400 * 365 * 24h));
  Book book;
  for (std::uint64_t id = 1; id <= 3; ++id) book.add(numbered(id));
  CHECK(book.publish_one() == 1);
  book.fail(1, 1, asked, true);
  CHECK(book.publish_one() == 0);
  book.pass(1h);
  std::set<std::uint64_t> out;
  while (out.size() < 3) {
    const std::set<std::uint64_t> more = book.publish_for(1s);
    for (const std::uint64_t id : more) book.settle(id);
    out.insert(more.begin(), more.end());
    REQUIRE(book.time < Moment() + 1h + 1h + 2min);
  }
}

TEST_CASE("links go out in order, at most a window of them, and a receipt makes room for the next") {
  Book book({.window = 2});
  for (std::uint64_t id = 1; id <= 3; ++id) book.add(numbered(id));
  CHECK(book.publish_one() == 1);
  CHECK(book.last.attempt == 1);
  CHECK_FALSE(book.last.again);
  CHECK(book.publish_one() == 2);
  CHECK(book.publish_one() == 0);
  book.settle(1);
  CHECK(book.publish_one() == 3);
  book.settle(2);
  book.settle(3);
  CHECK(book.empty());
  CHECK(book.wake() == Moment::max());
}

TEST_CASE("what next() names stays next until it was published") {
  Book book;
  book.add(numbered(1));
  REQUIRE(book.next(book.time));
  CHECK(book.next(book.time)->link->id == 1);
  CHECK(book.leased() == 0);
}

TEST_CASE("an expired lease is published again as the next attempt, and the book says when to look") {
  Book book;
  book.add(numbered(1));
  book.publish_one();
  CHECK(book.wake() > book.time);
  book.pass(std::chrono::ceil<std::chrono::milliseconds>(book.wake() - book.time));
  CHECK(book.publish_one() == 1);
  CHECK(book.last.attempt == 2);
  CHECK(book.last.again);
}

TEST_CASE("leases follow the receipts seen so far, and are never shorter than the floor") {
  const LeaseRules rules{.window = 4};
  Book slow(rules);
  Book quick(rules);
  for (std::uint64_t id = 1; id <= 100; ++id) {
    for (Book* book : {&slow, &quick}) {
      book->add(numbered(id));
      book->publish_one();
      book->pass(book == &slow ? 6000ms : 1ms);
      book->settle(id);
    }
  }
  for (Book* book : {&slow, &quick}) {
    book->add(numbered(1000));
    book->publish_one();
  }
  CHECK(slow.wake() - slow.time > 5s);
  CHECK(quick.wake() - quick.time >= rules.floor);
  CHECK(quick.wake() - quick.time < 3s);
}

TEST_CASE("a transient failure is tried again after its backoff, and the last attempt says that it is the last") {
  Book book({.attempts = 3});
  book.add(numbered(1));
  for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) {
    REQUIRE(book.publish_one() == 1);
    CHECK(book.last.attempt == attempt);
    CHECK(book.last.last_attempt == (attempt == 3));
    if (attempt == 3) break;
    book.fail(1, attempt);
    CHECK(book.publish_one() == 0);  // not at once
    book.pass(10s);
  }
}

TEST_CASE("no attempt comes sooner than the server asked for") {
  Book book;
  book.add(numbered(1));
  book.publish_one();
  book.fail(1, 1, 30s);
  book.pass(29s);
  CHECK(book.publish_one() == 0);
  book.pass(2s);
  CHECK(book.publish_one() == 1);
}

TEST_CASE("a host that asks for a pause gets it for all its links, other hosts go on") {
  Book book;
  book.add(numbered(1, "busy"));
  book.add(numbered(2, "busy"));
  book.add(numbered(3, "idle"));
  book.publish_one();
  book.fail(1, 1, 30s, true);
  CHECK(book.publish_all() == std::set<std::uint64_t>{3});
  book.settle(3);
  book.pass(29s);
  CHECK(book.publish_all().empty());
  CHECK(book.publish_for(3s) == std::set<std::uint64_t>{1, 2});
  CHECK(book.last.attempt <= 2);
}

TEST_CASE("a host to which a link of another one led asks for a pause of its own") {
  const auto [name, asked_by] = GENERATE(table<std::string, std::string>({{"Busy.example", "busy.example:80"},
                                                                          {"busy.example:80", "busy.example:80"},
                                                                          {"busy.example:8080", "busy.example:8080"},
                                                                          {"[::1]", "[::1]:80"},
                                                                          {"[::1]:8080", "[::1]:8080"}}));
  Book book;
  book.add(numbered(1, "leads-on"));
  book.add(numbered(2, "leads-on"));
  book.add(numbered(3, name));
  CHECK(book.publish_one() == 1);
  book.fail(1, 1, 30s, true, asked_by);
  CHECK(book.publish_all() == std::set<std::uint64_t>{2});
  book.settle(2);
  book.pass(29s);
  CHECK(book.publish_all().empty());
  CHECK(book.publish_for(3s) == std::set<std::uint64_t>{1, 3});
}

TEST_CASE("many hosts that ask for pauses, and are the hosts of no link, are forgotten again") {
  Book book;
  book.add(numbered(1, "leads-on"));
  for (std::uint32_t attempt = 1; attempt <= 3000; ++attempt) {
    REQUIRE(book.publish_one() == 1);
    book.fail(1, attempt, 1s, true, "host" + std::to_string(attempt) + ":80");
    book.pass(100s);
  }
  CHECK(book.hosts() < 10'000);
  book.add(numbered(2, "host3000"));
  CHECK(book.publish_for(3s) == std::set<std::uint64_t>{1, 2});
}

TEST_CASE("a million hosts, a link each, are not remembered") {
  Book book;
  for (std::uint64_t id = 1; id <= 50'000; ++id) {
    book.add(numbered(id, "host" + std::to_string(id)));
    REQUIRE(book.publish_one() == id);
    book.settle(id);
  }
  CHECK(book.hosts() < 10'000);
}

TEST_CASE("refusals do not count as tries that fail while others of the host get through") {
  Book book({.attempts = 2});
  std::uint64_t others = 100;
  book.add(numbered(1));
  for (int refusals = 0; refusals < 10;) {
    book.add(numbered(++others));
    for (const std::uint64_t id : book.publish_for(500ms)) {
      REQUIRE_FALSE(book.verdict);
      if (id == 1) {
        CHECK_FALSE(book.last.last_attempt);
        book.fail(1, book.attempts[1], 0ms, true);
        ++refusals;
      } else {
        book.settle(id);
      }
    }
    REQUIRE(others < 1000);
  }
}

TEST_CASE(
    "a link that is refused again and again while others get through has failed, and its host goes on as fast as before") {
  Book book;
  std::uint64_t others = 100;
  std::uint64_t lately = 0;
  int refusals = 0;
  book.add(numbered(1));
  for (; !book.verdicts.contains(1); book.pass(50ms)) {
    while (book.size() < 20) book.add(numbered(++others));
    for (const std::uint64_t id : book.publish_all()) {
      if (id == 1 && !book.verdicts.contains(1)) {
        book.fail(1, book.attempts[1], 0ms, true);
        if (++refusals == 10) lately = others;
      } else {
        book.settle(id);
      }
    }
    REQUIRE(book.time < Moment() + 2h);
  }
  CHECK(refusals >= 20);
  CHECK(refusals <= 30);
  CHECK(book.verdicts.at(1).reason == Reason::rate_limited);
  CHECK(others > lately + 100);
}

TEST_CASE("a link that is refused beside others does not go on for ever once it is the last") {
  Book book;
  std::uint64_t others = 100;
  int refusals = 0;
  book.add(numbered(1));
  for (; !book.verdicts.contains(1); book.pass(50ms)) {
    if (refusals < 8 && book.size() < 5) book.add(numbered(++others));
    for (const std::uint64_t id : book.publish_all()) {
      if (id == 1 && !book.verdicts.contains(1)) {
        book.fail(1, book.attempts[1], 0ms, true);
        ++refusals;
      } else {
        book.settle(id);
      }
    }
    REQUIRE(book.time < Moment() + 1h + 2min);
  }
  CHECK(refusals < 20);
}

TEST_CASE("links of a host that refuses everything end after so many probes, those that come later after one more") {
  Book book({.attempts = 4});
  constexpr std::uint64_t links = 1000;
  for (std::uint64_t id = 1; id <= links; ++id) book.add(numbered(id));
  std::uint64_t requests = 0;
  const auto refuse_all = [&] {
    for (const Moment begin = book.time; book.size() > 0; book.pass(100ms)) {
      REQUIRE(book.time < begin + 1min);
      for (const std::uint64_t id : book.publish_all()) {
        if (book.verdicts.contains(id)) {
          CHECK(book.verdicts.at(id).reason == Reason::rate_limited);
          book.settle(id);
        } else {
          book.fail(id, book.attempts[id], 0ms, true);
          ++requests;
        }
      }
    }
  };
  refuse_all();
  CHECK(book.verdicts.size() == links);
  CHECK(requests < 30);
  for (std::uint64_t id = 2001; id <= 2100; ++id) book.add(numbered(id));
  const std::uint64_t before = requests;
  refuse_all();
  CHECK(requests == before + 1);
}

TEST_CASE("a ceiling holds from the first link of each host on, and hosts do not share it") {
  Book book({.per_host_rate = 2});
  for (std::uint64_t id = 1; id <= 40; ++id) book.add(numbered(id, id % 2 == 0 ? "a" : "b"));
  const std::size_t out = book.publish_for(5s).size();
  CHECK(out >= 18);
  CHECK(out <= 22);
}

TEST_CASE("a new host gets few links at once, and as many more as it has answered") {
  Book book;
  for (std::uint64_t id = 1; id <= 500; ++id) book.add(numbered(id));
  std::set<std::uint64_t> out = book.publish_all();
  CHECK(out.size() == 16);
  for (const std::uint64_t id : out) book.settle(id);
  out = book.publish_all();
  CHECK(out.size() == 32);
  book.fail(*out.begin(), 1);  // not a refusal: there is no limit to find
  CHECK(book.publish_all().size() > 400);
}

TEST_CASE("late news of an earlier attempt changes nothing, a late success ends the link") {
  Book book;
  book.add(numbered(1));
  book.publish_one();
  book.pass(20s);
  REQUIRE(book.publish_one() == 1);
  book.fail(1, 1);
  CHECK(book.leased() == 1);  // attempt 2 is out
  book.settle(1);
  CHECK(book.empty());
  book.settle(1);
  book.fail(1, 2);
  CHECK(book.empty());
}

TEST_CASE("a link whose leases keep expiring while others get through is lost, and says so until the collector knows") {
  Book book({.attempts = 3});
  book.add(numbered(1));
  std::uint64_t other = 100;
  int published = 0;
  while (!book.verdict) {
    const std::uint64_t id = book.publish_one();
    if (id == 1) ++published;
    if (id > 1) book.settle(id);
    book.add(numbered(++other));
    book.pass(1s);
    REQUIRE(other < 10'000);
  }
  CHECK(book.verdict->reason == Reason::lost);
  CHECK(published == 4);  // three attempts, then the verdict
  CHECK(book.last.verdict != nullptr);
  for (std::uint64_t id = book.publish_one(); id != 0; id = book.publish_one()) book.settle(id);
  book.pass(100s);
  CHECK(book.publish_one() == 1);  // the collector did not answer: told again
  CHECK(book.last.verdict != nullptr);
  book.settle(1);
  CHECK(book.empty());
}

TEST_CASE("where workers keep dying no link is called lost for what it shares with the others") {
  const auto seed = GENERATE(1U, 2U, 3U);
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Book book({.window = 64, .held = 20'000});
  constexpr std::uint64_t links = 10'000;
  for (std::uint64_t id = 1; id <= links; ++id) book.add(numbered(id));
  for (int round = 0; round < 100'000 && !book.empty(); ++round) {
    while (const std::uint64_t id = book.publish_one()) {
      REQUIRE_FALSE(book.verdict);
      if (random() % 100 >= 35) book.settle(id);  // the others went down with a worker
    }
    book.pass(500ms);
  }
  CHECK(book.empty());
}

TEST_CASE("a link that takes its worker with it each time is lost alone, its neighbours get away") {
  Book book({.window = 64, .held = 20'000});
  std::mt19937_64 hash(5);
  constexpr std::size_t links = 5000;
  std::uint64_t deadly = 0;
  for (std::size_t i = 0; i < links; ++i) {
    const std::uint64_t id = hash() >> 1U;
    if (i == 100) deadly = id;
    book.add(numbered(id));
  }
  std::deque<std::uint64_t> worker;  // what it has; one is done every 25 ms
  while (book.size() > 0) {
    while (worker.size() < 20) {
      const std::uint64_t id = book.publish_one();
      if (id == 0) break;
      if (book.verdict) {
        CHECK(id == deadly);
        book.settle(id);
      } else if (id == deadly) {
        worker.clear();
      } else {
        worker.push_back(id);
      }
    }
    if (!worker.empty()) {
      book.settle(worker.front());
      worker.pop_front();
    }
    book.pass(25ms);
    if (book.size() <= 1) break;  // nobody is left to get through
  }
}

TEST_CASE("while nothing at all comes back nobody is called lost for a long time") {
  Book book({.attempts = 3});
  book.add(numbered(1));
  for (int i = 0; i < 600; ++i) {  // ten minutes without a worker
    book.publish_one();
    book.pass(1s);
  }
  CHECK_FALSE(book.verdict);
}

TEST_CASE("a bad link goes to the collector as a verdict at once") {
  Book book;
  book.add(numbered(1), Failure(Reason::bad_link, "no host"));
  CHECK(book.publish_one() == 1);
  REQUIRE(book.verdict);
  CHECK(book.verdict->reason == Reason::bad_link);
}

TEST_CASE("backup copies of what is out too long are made once no new link is left, with the same attempt") {
  Book book;
  for (std::uint64_t id = 1; id <= 20; ++id) book.add(numbered(id));
  book.publish_all();
  book.pass(100ms);
  for (std::uint64_t id = 2; id <= 20; ++id) book.settle(id);
  book.pass(1500ms);
  CHECK(book.publish_one() == 0);  // new links may still come
  book.no_more_links();
  book.pass(100ms);
  CHECK(book.publish_one() == 1);
  CHECK(book.last.attempt == 1);
  CHECK(book.last.again);
  CHECK(book.publish_one() == 0);  // one copy, not one a call
  CHECK(book.leased() == 1);
  book.settle(1);
  CHECK(book.empty());
}

TEST_CASE("the last links of a busy run are not waited for as long as those that stood in its queues") {
  Book book({.window = 500});
  for (std::uint64_t id = 1; id <= 501; ++id) book.add(numbered(id));
  book.no_more_links();
  book.publish_all();
  for (std::uint64_t id = 1; id < 500; ++id) {  // a hundred a second
    book.pass(10ms);
    book.settle(id);
    if (id == 1) book.publish_all();
  }
  const Moment alone = book.time;
  std::set<std::uint64_t> copied;
  while (!copied.contains(501)) {
    book.pass(50ms);
    copied.merge(book.publish_all());
    REQUIRE(book.time < alone + 10s);
  }
  CHECK(book.time < alone + 1s);
}

TEST_CASE("while links wait for room in the window there is nothing to wake up for") {
  Book book({.window = 1});
  book.add(numbered(1));
  book.add(numbered(2));
  book.no_more_links();
  book.publish_all();
  book.pass(0ms);
  CHECK(book.wake() > book.time + 1s);
}

TEST_CASE("links of other hosts pass those that wait for a host which wants a pause") {
  Book book({.window = 2, .held = 5, .delayed = 100});
  std::uint64_t id = 0;
  book.add(numbered(++id));
  REQUIRE(book.publish_one() == 1);
  book.fail(1, 1, 1h, true);  // all of these links are of one host
  while (book.has_room() && id < 50) {
    book.add(numbered(++id));
    CHECK(book.publish_one() == 0);
  }
  CHECK(id == 50);
  book.pass(1h + 1s);
  CHECK(book.publish_one() != 0);
}

TEST_CASE("the book takes no more than it may hold") {
  Book book({.window = 2, .held = 3, .delayed = 5});
  std::uint64_t id = 0;
  while (book.has_room() && id < 100) {
    book.add(numbered(++id));
    const std::uint64_t out = book.publish_one();
    if (out != 0) book.fail(out, 1, 1h);
  }
  CHECK(book.size() == 5);
}

TEST_CASE("whatever is lost, late, repeated or reordered: each link ends exactly once") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U, 5U);
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto chance = [&](unsigned percent) { return random() % 100 < percent; };
  Book book({.window = 16, .held = 64, .attempts = 4});
  constexpr std::uint64_t count = 500;
  std::map<std::uint64_t, int> endings;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> wire;  // what the workers still have
  std::set<std::uint64_t> ledger;
  std::uint64_t added = 0;
  for (int round = 0; round < 200'000 && (added < count || !book.empty()); ++round) {
    while (added < count && book.has_room()) book.add(numbered(++added));
    if (added == count) book.no_more_links();
    while (const std::uint64_t id = book.publish_one()) {
      if (book.verdict && chance(80)) {
        if (ledger.insert(id).second) ++endings[id];
        book.settle(id);
      } else if (!book.verdict && chance(80)) {
        wire.emplace_back(id, book.last.attempt);
      }
    }
    std::shuffle(wire.begin(), wire.end(), random);
    while (!wire.empty() && chance(60)) {
      const auto [id, attempt] = wire.back();
      if (!chance(10)) wire.pop_back();  // else it is delivered twice
      if (chance(20)) {
        book.fail(id, attempt, std::chrono::milliseconds(random() % 3000));
      } else {
        if (ledger.insert(id).second) ++endings[id];
        if (chance(90)) book.settle(id);
      }
    }
    book.pass(std::chrono::milliseconds(random() % 1000));
  }
  CHECK(book.empty());
  CHECK(endings.size() == count);
  for (const auto& [id, times] : endings) CHECK(times == 1);
}

TEST_CASE("a link that was handed back goes out again at once, and nothing counts") {
  Book book({.attempts = 2});
  book.add(numbered(1));
  for (std::uint32_t round = 1; round <= 10; ++round) {
    REQUIRE(book.publish_one() == 1);
    CHECK(book.last.attempt == round);
    CHECK_FALSE(book.last.last_attempt);
    book.hand_back(1, round);
  }
  REQUIRE(book.publish_one() == 1);
  book.hand_back(1, 3);  // late news of an earlier attempt
  CHECK(book.publish_one() == 0);
  CHECK(book.leased() == 1);
}

TEST_CASE("how long a link took that had a backup copy says nothing: the answer may be that of the copy (Karn)") {
  Book book;
  for (std::uint64_t id = 1; id <= 22; ++id) book.add(numbered(id, "h" + std::to_string(id)));
  book.no_more_links();
  REQUIRE(book.publish_all().size() == 22);
  book.pass(100ms);
  for (std::uint64_t id = 1; id <= 20; ++id) book.settle(id);
  book.pass(1900ms);
  CHECK(book.publish_all() == std::set<std::uint64_t>{21, 22});  // copies
  CHECK(book.last.attempt == 1);
  book.time += 60s;  // nobody has looked at the leases meanwhile
  book.settle(21);
  book.hand_back(22, 1);
  CHECK(book.publish_one() == 22);
  CHECK(book.last.attempt == 2);
  book.pass(5s);  // more than the shortest lease and its spread
  CHECK(book.publish_one() == 22);
  CHECK(book.last.attempt == 3);
}

TEST_CASE("the last lease of a link is as long as a link may take at all") {
  Book book({.attempts = 2, .patience = 75s});
  std::uint64_t other = 100;
  const auto pass = [&](std::chrono::seconds time) {  // others get through
    for (auto passed = 0s; passed < time; passed += 1s) {
      book.add(numbered(++other));
      while (const std::uint64_t id = book.publish_one()) {
        REQUIRE(id != 1);
        book.settle(id);
      }
      book.pass(1s);
    }
  };
  for (std::uint64_t id = 2; id <= 20; ++id) book.add(numbered(id));
  while (const std::uint64_t id = book.publish_one()) book.settle(id);
  book.add(numbered(1));
  CHECK(book.publish_one() == 1);
  book.add(numbered(50));
  CHECK(book.publish_one() == 50);
  book.pass(1s);
  book.settle(50);
  book.pass(5s);
  CHECK(book.publish_one() == 1);
  CHECK(book.last.attempt == 2);
  CHECK_FALSE(book.verdict);
  pass(74s);
  book.pass(2s);
  CHECK(book.publish_one() == 1);
  CHECK(book.verdict);
}

TEST_CASE("links that are lost each time do not pass for workers that keep dying") {
  Book book({.attempts = 5});
  constexpr std::uint64_t deadly = 5;
  for (std::uint64_t id = 1; id <= deadly; ++id) book.add(numbered(id));
  std::uint64_t other = 100;
  std::set<std::uint64_t> lost;
  for (int round = 1; round <= 6; ++round) {
    book.add(numbered(++other));
    while (const std::uint64_t id = book.publish_one()) {
      if (book.verdict) lost.insert(id);
    }
    book.time += 1ms;
    book.settle(other);
    book.pass(100s);
  }
  CHECK(lost.size() == deadly);  // after five leases each
}

TEST_CASE("a link of which nothing is ever heard ends, also where nothing comes back at all") {
  Book book({.attempts = 3});
  book.add(numbered(1));
  int published = 0;
  while (!book.verdict && ++published < 1000) {
    book.publish_one();
    book.pass(100s);
  }
  REQUIRE(book.verdict);
  CHECK(book.verdict->reason == Reason::lost);
}

TEST_CASE("a host's pause is not cut short by another of its links that is to wait for less") {
  Book book;
  for (std::uint64_t id = 1; id <= 3; ++id) book.add(numbered(id));
  CHECK(book.publish_one() == 1);
  CHECK(book.publish_one() == 2);
  book.fail(1, 1, 60s, true);
  book.fail(2, 1, 1s, true);
  book.pass(59s);
  CHECK(book.publish_all().empty());
  book.pass(62s);
  CHECK_FALSE(book.publish_all().empty());
}

TEST_CASE("a link that is to wait for longer than a run does not keep the others of its host waiting") {
  Book book;
  for (std::uint64_t id = 1; id <= 3; ++id) book.add(numbered(id));
  CHECK(book.publish_one() == 1);
  Failure failure(Reason::rate_limited, "429, try again in a year");
  failure.retry_after = 1h;
  book.refused({1, 1, failure, true}, 0.5, book.time);
  CHECK(book.publish_for(1min) == std::set<std::uint64_t>{2, 3});
}

TEST_CASE("a link that is refused time and again while others get through does not make its host pause") {
  Book book;
  book.add(numbered(1));
  for (std::uint64_t other = 2; other <= 10; ++other) {
    book.add(numbered(other));
    std::set<std::uint64_t> out;
    while (out.size() < 2) {
      out.merge(book.publish_for(100ms));
      REQUIRE(book.time < Moment() + 1h + 5min);
    }
    book.settle(other);
    book.fail(1, book.attempts[1], 1min, true);
  }
}

TEST_CASE("each backup copy is made after twice the time of the one before") {
  Book book({.floor = 60s, .first = 1s});
  book.add(numbered(1));
  book.no_more_links();
  CHECK(book.publish_one() == 1);
  std::vector<Moment> copied{book.time};
  while (book.time < copied.front() + 20s) {
    book.pass(10ms);
    if (book.publish_one() == 1) copied.push_back(book.time);
  }
  REQUIRE(copied.size() == 6);
  for (std::size_t i = 1; i < copied.size(); ++i) {
    const auto expected = 1s * (1 << (i - 1));
    CHECK(copied[i] - copied[0] > expected);
    CHECK(copied[i] - copied[0] < expected + 200ms);
  }
}
