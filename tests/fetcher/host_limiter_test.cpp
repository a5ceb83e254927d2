#include "fetcher/host_limiter.h"

#include <map>
#include <random>
#include <set>

#include "tests/catch.h"

using thumbline::HostLimiter;

namespace {

/// So many at one host, and slots enough for all.
HostLimiter limiter_per_host(std::size_t per_host) {
  return HostLimiter({.slots = 10'000, .per_host = per_host, .silent = 0});
}

/// Starts as many as it may; the ids.
std::vector<std::uint64_t> started(HostLimiter& limiter) {
  std::vector<std::uint64_t> ids;
  while (const auto id = limiter.next()) ids.push_back(*id);
  return ids;
}

}  // namespace

TEST_CASE("a host gets no more than its share, and the next link when one has ended") {
  HostLimiter limiter = limiter_per_host(2);
  for (const std::uint64_t id : {1, 2, 3, 4}) limiter.add(id, "a");
  CHECK(limiter.next() == 1);
  CHECK(limiter.next() == 2);
  CHECK_FALSE(limiter.next().has_value());
  CHECK(limiter.running() == 2);
  CHECK(limiter.waiting() == 2);
  limiter.ended(2);
  CHECK(limiter.next() == 3);
  CHECK_FALSE(limiter.next().has_value());
}

TEST_CASE("the links of a busy host do not hold up those of others") {
  HostLimiter limiter = limiter_per_host(1);
  for (const std::uint64_t id : {1, 2, 3}) limiter.add(id, "busy");
  limiter.add(4, "free");
  CHECK(limiter.next() == 1);
  CHECK(limiter.next() == 4);
  CHECK_FALSE(limiter.next().has_value());
}

TEST_CASE("hosts take turns") {
  HostLimiter limiter = limiter_per_host(10);
  for (const std::uint64_t id : {1, 2, 3}) limiter.add(id, "a");
  for (const std::uint64_t id : {4, 5}) limiter.add(id, "b");
  CHECK(started(limiter) == std::vector<std::uint64_t>{1, 4, 2, 5, 3});
}

TEST_CASE("an end that was never a start changes nothing") {
  HostLimiter limiter = limiter_per_host(1);
  limiter.add(1, "a");
  limiter.ended(1);
  limiter.ended(7);
  CHECK(limiter.next() == 1);
  CHECK(limiter.running() == 1);
}

TEST_CASE("no more than the slots run at once, whatever their hosts") {
  HostLimiter limiter({.slots = 2, .per_host = 2, .silent = 8});
  for (const std::uint64_t id : {1, 2, 3}) limiter.add(id, std::to_string(id));
  CHECK(started(limiter) == std::vector<std::uint64_t>{1, 2});
  CHECK_FALSE(limiter.has_slot());
  limiter.ended(1);
  CHECK(started(limiter) == std::vector<std::uint64_t>{3});
}

TEST_CASE("a host that does not answer keeps no slot from the others") {
  HostLimiter limiter({.slots = 2, .per_host = 2, .silent = 3});
  for (std::uint64_t id = 1; id <= 9; ++id) limiter.add(id, "dead-" + std::to_string(id));
  CHECK(started(limiter) == std::vector<std::uint64_t>{1, 2});
  limiter.silent(1);
  limiter.silent(2);
  CHECK(started(limiter) == std::vector<std::uint64_t>{3, 4});
  SECTION("until so many are silent that their sockets would be a burden") {
    limiter.silent(3);
    limiter.silent(4);
    CHECK(started(limiter) == std::vector<std::uint64_t>{5});
    limiter.silent(5);
    CHECK(started(limiter).empty());
    limiter.ended(2);
    CHECK(started(limiter) == std::vector<std::uint64_t>{6});
  }
  SECTION("and takes one again when it answers") {
    limiter.answered(1);
    limiter.ended(3);
    CHECK(started(limiter).empty());
    limiter.ended(4);
    CHECK(started(limiter) == std::vector<std::uint64_t>{5});
  }
}

TEST_CASE("a silent host gets no more links than one that answers") {
  HostLimiter limiter({.slots = 2, .per_host = 2, .silent = 8});
  for (const std::uint64_t id : {1, 2, 3}) limiter.add(id, "dead");
  limiter.add(4, "alive");
  CHECK(started(limiter) == std::vector<std::uint64_t>{1, 4});
  limiter.silent(1);
  CHECK(started(limiter) == std::vector<std::uint64_t>{2});
  limiter.silent(2);
  CHECK(started(limiter).empty());
}

TEST_CASE("who waits for a host that cannot be reached has waited in vain") {
  HostLimiter limiter({.slots = 4, .per_host = 2, .silent = 8});
  for (std::uint64_t id = 1; id <= 5; ++id) limiter.add(id, "dead");
  limiter.add(6, "alive");
  CHECK(started(limiter) == std::vector<std::uint64_t>{1, 6, 2});
  limiter.silent(1);
  SECTION("where it is silent to all") {
    limiter.silent(2);
    CHECK(limiter.unreachable(1) == std::vector<std::uint64_t>{3, 4, 5});
    CHECK(limiter.waiting() == 0);
    CHECK(limiter.unreachable(2).empty());
    CHECK(started(limiter).empty());
    CHECK(limiter.running() == 1);
  }
  SECTION("but not where it talks to another") {
    CHECK(limiter.unreachable(1).empty());
    CHECK(started(limiter) == std::vector<std::uint64_t>{3});
  }
  SECTION("and who comes later tries again") {
    limiter.ended(2);
    CHECK(started(limiter) == std::vector<std::uint64_t>{3});
    limiter.silent(3);
    CHECK(limiter.unreachable(3) == std::vector<std::uint64_t>{4, 5});
    limiter.add(7, "dead");
    CHECK(started(limiter) == std::vector<std::uint64_t>{7});
  }
}

TEST_CASE("late news of a link that has ended, or said twice, change nothing") {
  HostLimiter limiter({.slots = 1, .per_host = 1, .silent = 1});
  for (const std::uint64_t id : {1, 2, 3}) limiter.add(id, std::to_string(id));
  CHECK(limiter.next() == 1);
  limiter.ended(1);
  limiter.silent(1);
  limiter.answered(1);
  CHECK(limiter.next() == 2);
  CHECK_FALSE(limiter.has_slot());
  limiter.silent(2);
  limiter.silent(2);
  CHECK(limiter.next() == 3);
  CHECK_FALSE(limiter.has_slot());
  limiter.answered(2);
  limiter.answered(2);
  limiter.ended(2);
  limiter.ended(3);
  CHECK(limiter.running() == 0);
}

TEST_CASE("every link gets its turn, whatever the order of ends, and the limit holds at every moment") {
  const auto limit = GENERATE(std::size_t{1}, std::size_t{3}, std::size_t{100});
  const auto seed = GENERATE(1U, 2U, 3U);
  std::mt19937 chance(seed);
  HostLimiter limiter = limiter_per_host(limit);
  std::map<std::uint64_t, std::string> host_of;
  std::multiset<std::string> busy;
  std::vector<std::uint64_t> running;
  std::uint64_t added = 0;
  std::size_t ended = 0;
  constexpr std::uint64_t links = 2000;
  while (ended < links) {
    if (added < links && chance() % 2 == 0) {
      host_of[++added] = "host-" + std::to_string(chance() % 7);
      limiter.add(added, host_of[added]);
    }
    while (const auto id = limiter.next()) {
      running.push_back(*id);
      busy.insert(host_of.at(*id));
      REQUIRE(busy.count(host_of.at(*id)) <= limit);
    }
    if (running.empty()) {
      REQUIRE(limiter.waiting() == 0);
    } else if (added == links || chance() % 2 == 0) {
      const std::size_t which = chance() % running.size();
      busy.erase(busy.find(host_of.at(running[which])));
      limiter.ended(running[which]);
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(which));
      ++ended;
    }
  }
  CHECK(limiter.running() == 0);
  CHECK(limiter.waiting() == 0);
}
