#include "collector/link_facts.h"

#include "tests/catch.h"
#include "tests/collector/book.h"

using namespace thumbline;

namespace {

using Stage = std::tuple<bool, std::uint64_t, std::int64_t, std::int64_t>;

Stage stage(const LinkFacts::Stage& of) {
  return {of.delivered, of.bytes, of.span ? of.span->started_us : -1, of.span ? of.span->ended_us : -1};
}

using Facts = std::tuple<std::string, std::uint64_t, std::int64_t, Stage, Stage>;

Facts values(const LinkFacts& facts) {
  return {std::string(facts.reason), facts.attempts, facts.session, stage(facts.fetch), stage(facts.resize)};
}

}  // namespace

TEST_CASE("what the figures know of a row is the same, whether it is in the ledger yet or not") {
  wire::Outcome reused = test::done_link(2);
  reused.mutable_fetch()->set_reused(true);
  wire::Outcome fetched = test::failed_link(3, "truncated");
  *fetched.mutable_fetch() = test::done_link(3).fetch();
  wire::Outcome in_vain = test::failed_link(4, "corrupt");
  *in_vain.mutable_fetch() = test::done_link(4).fetch();
  *in_vain.mutable_resize() = test::done_link(4).resize();
  in_vain.mutable_resize()->clear_path();
  in_vain.mutable_resize()->clear_bytes();
  wire::Outcome local = test::done_link(5);
  local.clear_fetch();
  local.set_attempt(3);
  test::Book book;
  book.record({test::done_link(1), reused, fetched, in_vain, local, test::failed_link(6, "lost")});

  std::vector<Facts> of_rows;
  for (const LinkRow& row : book.rows()) of_rows.push_back(values(facts_of(row, book->first_session())));
  std::vector<Facts> of_ledger;
  book->each_facts([&](const LinkFacts& facts) { of_ledger.push_back(values(facts)); });
  CHECK(of_rows == of_ledger);
  CHECK(of_rows.size() == 6);
}
