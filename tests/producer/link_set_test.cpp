#include "producer/link_set.h"

#include <random>
#include <unordered_set>

#include "tests/catch.h"

using thumbline::LinkSet;

TEST_CASE("a link is first once, and repeated ever after") {
  LinkSet links;
  CHECK(links.see(7) == LinkSet::Seen::first);
  CHECK(links.see(7) == LinkSet::Seen::repeated);
  CHECK(links.see(8) == LinkSet::Seen::first);
  CHECK(links.size() == 2);
}

TEST_CASE("what the ledger has is settled when the list names it, and repeated when it does so again") {
  LinkSet links;
  CHECK(links.settle(7));
  CHECK_FALSE(links.settle(7));
  CHECK(links.see(7) == LinkSet::Seen::settled);
  CHECK(links.see(7) == LinkSet::Seen::repeated);
  CHECK(links.size() == 1);
}

TEST_CASE("it agrees with the standard library's set over many ids, growing as it goes") {
  LinkSet links;
  std::unordered_set<std::uint64_t> ideal;
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const std::uint64_t id = random() % 150'000 * 0x9e3779b97f4a7c15ULL >> 1U;
    const bool is_new = ideal.insert(id == 0 ? 1 : id).second;
    REQUIRE((links.see(id) == LinkSet::Seen::first) == is_new);
  }
  CHECK(links.size() == ideal.size());
}

TEST_CASE("ids that fall into the same slot do not shadow each other") {
  LinkSet links;
  for (std::uint64_t i = 1; i <= 100; ++i) CHECK(links.see(i << 40U) == LinkSet::Seen::first);
  for (std::uint64_t i = 1; i <= 100; ++i) CHECK(links.see(i << 40U) == LinkSet::Seen::repeated);
}
