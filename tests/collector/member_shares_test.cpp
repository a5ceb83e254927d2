#include "collector/member_shares.h"

#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;

namespace {

/// A link that "one" fetched and "two" made the thumbnail of.
LinkRow link_of(const std::string& one, const std::string& two, std::int64_t arrived_us = 1'000'000) {
  wire::Outcome outcome = test::done_link(1);
  outcome.mutable_fetch()->set_worker(one);
  outcome.mutable_resize()->set_worker(two);
  return link_row(outcome, arrived_us);
}

std::uint64_t pictures(const MemberShares& shares) {
  std::uint64_t sum = shares.former().pictures;
  for (const auto& [worker, share] : shares.members()) sum += share.pictures;
  return sum;
}

}  // namespace

TEST_CASE("each worker has the pictures it delivered, their bytes, its time, and when it ended last") {
  MemberShares shares;
  shares.add(link_of("a:1", "b:2", 1'000'000));
  shares.add(link_of("a:1", "c:3", 2'000'000));
  REQUIRE(shares.members().size() == 3);
  CHECK(shares.members().at("a:1") == MemberShare{2, 0, 2000, 80'000, 1'995'000});
  CHECK(shares.members().at("b:2") == MemberShare{1, 0, 300, 3'000, 999'000});
  CHECK(shares.members().at("c:3") == MemberShare{1, 0, 300, 3'000, 1'999'000});
}

TEST_CASE("a worker has the links that failed with it, and nothing of a picture that lay in the store") {
  MemberShares shares;
  LinkRow row = link_of("a:1", "b:2");
  row.resize->thumbnail.clear();
  row.fetch->span.reset();
  shares.add(row);
  REQUIRE(shares.members().size() == 1);
  CHECK(shares.members().at("b:2") == MemberShare{0, 1, 0, 3'000, 999'000});
  shares.add(link_row(test::failed_link(2, "lost"), 1'000'000));
  CHECK(shares.members().size() == 1);
}

TEST_CASE("of too many workers those that have been silent the longest are summed up, and nothing is lost") {
  MemberShares shares(10);
  for (int i = 0; i < 1000; ++i) {
    shares.add(link_of("worker:" + std::to_string(i), "", 1'000'000 + i));
    REQUIRE(shares.members().size() <= 10);
    REQUIRE(shares.members().contains("worker:" + std::to_string(i)));
  }
  CHECK(pictures(shares) == 1000);
  CHECK(shares.former().last_us > 0);
  CHECK_FALSE(shares.members().contains("worker:980"));
}
