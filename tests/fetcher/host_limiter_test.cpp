#include "fetcher/host_limiter.h"

#include <map>
#include <random>
#include <set>

#include "tests/catch.h"

using thumbline::HostLimiter;

TEST_CASE("a host gets no more than its share, and the next link when one has ended") {
  HostLimiter limiter(2);
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
  HostLimiter limiter(1);
  for (const std::uint64_t id : {1, 2, 3}) limiter.add(id, "busy");
  limiter.add(4, "free");
  CHECK(limiter.next() == 1);
  CHECK(limiter.next() == 4);
  CHECK_FALSE(limiter.next().has_value());
}

TEST_CASE("hosts take turns") {
  HostLimiter limiter(10);
  for (const std::uint64_t id : {1, 2, 3}) limiter.add(id, "a");
  for (const std::uint64_t id : {4, 5}) limiter.add(id, "b");
  std::vector<std::uint64_t> order;
  while (const auto id = limiter.next()) order.push_back(*id);
  CHECK(order == std::vector<std::uint64_t>{1, 4, 2, 5, 3});
}

TEST_CASE("an end that was never a start changes nothing") {
  HostLimiter limiter(1);
  limiter.add(1, "a");
  limiter.ended(1);
  limiter.ended(7);
  CHECK(limiter.next() == 1);
  CHECK(limiter.running() == 1);
}

TEST_CASE("every link gets its turn, whatever the order of ends, and the limit holds at every moment") {
  const int limit = GENERATE(1, 3, 100);
  const auto seed = GENERATE(1U, 2U, 3U);
  std::mt19937 chance(seed);
  HostLimiter limiter(limit);
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
      REQUIRE(busy.count(host_of.at(*id)) <= static_cast<std::size_t>(limit));
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
