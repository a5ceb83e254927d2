#include "collector/link_row.h"

#include <limits>

#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;

TEST_CASE("an outcome is final when it is done, permanent, or the last attempt's") {
  CHECK(is_final(test::done_link(1)));
  wire::Outcome failed = test::failed_link(1, "timeout");
  failed.set_last_attempt(false);
  CHECK(is_final(failed));
  failed.mutable_failure()->set_transient(true);
  CHECK_FALSE(is_final(failed));
  failed.set_last_attempt(true);
  CHECK(is_final(failed));
}

TEST_CASE("of a link that was refused the producer decides, unless it may not be tried again") {
  const std::string reason = GENERATE("rate-limited", "http-503");
  wire::Outcome refused = test::failed_link(1, reason);
  refused.set_last_attempt(true);
  refused.mutable_failure()->set_transient(true);
  CHECK(is_refusal(refused));
  CHECK_FALSE(is_final(refused));
  refused.mutable_failure()->set_transient(false);
  CHECK(is_final(refused));
}

TEST_CASE("a row has how often a link was tried, not how often it was given out") {
  wire::Outcome outcome = test::done_link(1);
  outcome.set_attempt(7);
  outcome.set_tries(2);
  CHECK(link_row(outcome, 0).attempts == 2);
}

TEST_CASE("an outcome that names no link is told from one that does") {
  CHECK(names_a_link(test::done_link(1)));
  CHECK(names_a_link(test::failed_link(1, "timeout")));
  wire::Outcome outcome = test::done_link(1);
  SECTION("no text") {
    outcome.clear_url();
  }
  SECTION("never given out") {
    outcome.set_attempt(0);
  }
  CHECK_FALSE(names_a_link(outcome));
}

TEST_CASE("work is placed in time by when it arrived and how long ago it ended, not by another host's clock") {
  const LinkRow row = link_row(test::done_link(1), 1'000'000);
  CHECK(row.fetch->span->ended_us == 995'000);
  CHECK(row.fetch->span->started_us == 955'000);
  CHECK(row.resize->span.ended_us == 999'000);
  CHECK(row.resize->span.started_us == 996'000);
}

TEST_CASE("what was found in the store took no time") {
  wire::Outcome outcome = test::done_link(1);
  outcome.mutable_fetch()->set_reused(true);
  const LinkRow row = link_row(outcome, 1'000'000);
  CHECK_FALSE(row.fetch->span);
  CHECK(row.fetch->image == outcome.fetch().path());
}

TEST_CASE("a reason that nobody knows is kept as io, so that scripts never see an unknown one") {
  const LinkRow row = link_row(test::failed_link(1, "gremlins"), 0);
  CHECK(row.reason == "io");
  CHECK(row.detail == "gremlins: it is not there");
}

TEST_CASE("numbers out of range do no harm") {
  wire::Outcome outcome = test::done_link(1);
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  outcome.mutable_fetch()->set_duration_us(most);
  outcome.mutable_fetch()->set_ended_ago_us(most);
  outcome.mutable_fetch()->set_bytes(most);
  const LinkRow row = link_row(outcome, 1'000'000);
  CHECK(row.fetch->span->started_us < row.fetch->span->ended_us);
  CHECK(row.fetch->bytes > 0);
}
