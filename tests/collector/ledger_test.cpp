#include "collector/ledger.h"

#include <fstream>
#include <limits>

#include "common/base/link_id.h"
#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/collector/book.h"
#include "tests/collector/peers.h"

using namespace thumbline;
using test::Book;
using test::done_link;
using test::failed_link;

namespace {

constexpr auto highest_id = std::numeric_limits<std::uint64_t>::max();

/// Makes a ledger of version 2 of one of today's.
void make_version_2(Database& ledger) {
  for (const char* column : {"invocation", "done", "failed", "links_read", "checked", "rebooted", "redone"})
    ledger.execute("ALTER TABLE sessions DROP COLUMN " + std::string(column));
  ledger.execute("DELETE FROM meta; PRAGMA user_version = 2");
}

}  // namespace

TEST_CASE("a second outcome of a link changes nothing") {
  Book book;
  book.record({done_link(1), failed_link(2, "timeout")}, 100);
  book.record({failed_link(1, "lost"), done_link(2)}, 200);
  book.record({failed_link(3, "lost"), done_link(3)}, 300);
  const std::vector<LinkRow> rows = book.rows();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].reason.empty());
  CHECK(rows[1].reason == "timeout");
  CHECK(rows[2].reason == "lost");
  CHECK(book->counts().done == 1);
  CHECK(book->counts().failed == 2);
}

TEST_CASE("the time of all sessions is summed, each to the last link it added") {
  Book book;
  book.record({done_link(1)}, 1'000'000);
  book.record({done_link(2)}, 3'000'000);
  book.record({done_link(2)}, 9'000'000);
  book.open();
  book.record({done_link(3)}, 500'000);
  book.open();
  CHECK(book->wall_us() == 3'500'000);
}

TEST_CASE("the settings are kept") {
  Book book;
  CHECK_FALSE(book->settings());
  book->set_settings("123");
  book.open();
  CHECK(book->settings() == "123");
}

TEST_CASE("the ids are told in pieces, all of them, once") {
  Book book;
  const std::set<std::uint64_t> ids{0, 1, 5, highest_id / 2, highest_id / 2 + 1, highest_id - 1, highest_id};
  for (const std::uint64_t id : ids) book.record({done_link(id)});
  std::vector<std::uint64_t> told;
  for (auto piece = book->ids_after(std::nullopt, 3); !piece.empty(); piece = book->ids_after(told.back(), 3)) {
    CHECK(piece.size() <= 3);
    told.insert(told.end(), piece.begin(), piece.end());
  }
  CHECK(told.size() == ids.size());
  CHECK(std::set<std::uint64_t>(told.begin(), told.end()) == ids);
}

TEST_CASE("a link that failed in an earlier run keeps its outcome until it has another one") {
  Book book;
  book.record({done_link(1), failed_link(2, "timeout"), failed_link(3, "dns")});
  book.open("again");
  book->replace_failed();
  std::int64_t after = 0;
  CHECK(book->failed_before(after, 1) == std::vector<std::uint64_t>{2});
  CHECK(book->failed_before(after, 9) == std::vector<std::uint64_t>{3});
  CHECK_FALSE(book->try_again(2));
  CHECK(book->out_again() == 1);
  CHECK(book.rows().size() == 3);
  book.record({done_link(2), failed_link(1, "lost")});
  CHECK(book->out_again() == 0);
  CHECK(book->counts().done == 2);
  CHECK(book->counts().failed == 1);
  CHECK(book.rows().back().id == 2);
  CHECK(book.rows().back().reason.empty());
  CHECK_NOTHROW(book.check());

  SECTION("without that, nothing is replaced") {
    book.open("later");
    book.record({done_link(3)});
    CHECK(book->counts().failed == 1);
  }
  SECTION("what failed in this invocation has failed, also for a process that was started again") {
    book.record({failed_link(3, "timeout")});
    book.open("again");
    book->replace_failed();
    after = 0;
    CHECK(book->failed_before(after, 9).empty());
    book.record({done_link(3)});
    CHECK(book->counts().failed == 1);
    book.open("another");
    CHECK(book->failed_before(after, 9) == std::vector<std::uint64_t>{3});
  }
}

TEST_CASE("of what is tried again, originals that were no whole pictures are told") {
  Book book;
  wire::Outcome whole = failed_link(1, "decode-limit");
  wire::Outcome broken = failed_link(2, "truncated");
  *whole.mutable_fetch() = done_link(1).fetch();
  *broken.mutable_fetch() = done_link(2).fetch();
  broken.mutable_fetch()->set_path("images/broken.jpg");
  book.record({whole, broken, failed_link(3, "corrupt"), done_link(4)});
  book.open();
  for (const std::uint64_t id : {1, 3, 4, 5}) CHECK_FALSE(book->try_again(id));
  CHECK(book->try_again(2) == "images/broken.jpg");
  CHECK(book->out_again() == 3);
}

TEST_CASE("the figures' facts say what was delivered, and when") {
  Book book;
  wire::Outcome reused = done_link(2);
  reused.mutable_fetch()->set_reused(true);
  wire::Outcome not_shrunk = failed_link(3, "corrupt");
  *not_shrunk.mutable_fetch() = done_link(3).fetch();
  not_shrunk.mutable_resize()->set_duration_us(10);
  wire::Outcome not_found = failed_link(4, "http-404");
  not_found.mutable_fetch()->set_duration_us(5);
  book.record({done_link(1), reused, not_shrunk, not_found});
  std::vector<LinkFacts> facts;
  std::vector<std::string> reasons;
  book->each_facts([&](const LinkFacts& link) {
    facts.push_back(link);
    reasons.emplace_back(link.reason);
  });
  REQUIRE(facts.size() == 4);
  CHECK(reasons == std::vector<std::string>{"", "", "corrupt", "http-404"});
  CHECK((facts[0].fetch.delivered && facts[0].fetch.span && facts[0].resize.delivered && facts[0].resize.span));
  CHECK(facts[0].fetch.bytes == 1000);
  CHECK(facts[0].resize.bytes == 300);
  CHECK((facts[1].fetch.delivered && !facts[1].fetch.span));
  CHECK((facts[2].fetch.delivered && !facts[2].resize.delivered && facts[2].resize.span));
  CHECK((!facts[3].fetch.delivered && !facts[3].resize.span));
}

TEST_CASE("others can read the ledger while it is written") {
  Book book;
  book.record({done_link(1)});
  Database reader(book.file());
  Statement reading(reader, "SELECT link FROM links");
  REQUIRE(reading.step());
  book.record({done_link(2)});
  CHECK(book->counts().done == 2);
}

TEST_CASE("a file that is no ledger is refused and stays as it is") {
  const test::ScratchFolder scratch;
  const std::string file = scratch / "ledger.sqlite";
  SECTION("no database") {
    std::ofstream(file) << std::string(5000, 'x');
    const Stop stop = test::stop_of([&] { Ledger(file, WallTime{}); });
    CHECK(stop.code() == ExitCode::cannot_go_on);
    CHECK(std::string(stop.what()).starts_with(file + " is damaged or no ledger of thumbline"));
    CHECK(test::content(file) == std::string(5000, 'x'));
  }
  SECTION("another program's database") {
    Database(file).execute("CREATE TABLE links (id)");
    const std::string before = test::content(file);
    const Stop stop = test::stop_of([&] { Ledger(file, WallTime{}); });
    CHECK(stop.code() == ExitCode::cannot_go_on);
    CHECK(std::string(stop.what()).starts_with(file + " is no ledger of thumbline"));
    CHECK(test::content(file) == before);
  }
  SECTION("a newer thumbline's ledger") {
    { const Ledger ledger(file, WallTime{}); }
    Database(file).execute("PRAGMA user_version = 99");
    const Stop stop = test::stop_of([&] { Ledger(file, WallTime{}); });
    CHECK(stop.code() == ExitCode::cannot_go_on);
    CHECK(std::string(stop.what()).starts_with(file + " was made by a newer thumbline (format 99"));
  }
}

TEST_CASE("an empty file beside pictures is a ledger that was lost, not a new one") {
  const test::ScratchFolder scratch;
  const std::string file = scratch / "ledger.sqlite";
  std::ofstream(file).flush();
  std::filesystem::create_directory(scratch / "images");
  CHECK_NOTHROW(Ledger(file, WallTime{}));
  for (const char* rest : {"", "-wal", "-shm"}) std::filesystem::remove(file + rest);
  std::ofstream(file).flush();
  std::ofstream(scratch / "images/a.jpg").flush();
  CHECK_THROWS_AS(Ledger(file, WallTime{}), Stop);
  std::ofstream(file + "-wal").flush();  // as somebody who only reads leaves it
  CHECK_THROWS_AS(Ledger(file, WallTime{}), Stop);
  for (const char* rest : {"", "-wal", "-shm"}) std::filesystem::remove(file + rest);
  CHECK_NOTHROW(Ledger(file, WallTime{}));
}

TEST_CASE("a ledger of version 1 is taken over, rows and all") {
  Book book;
  book.record({done_link(1), failed_link(2, "http-404")});
  book.close();
  {
    Database old(book.file());
    make_version_2(old);
    old.execute("ALTER TABLE links DROP COLUMN digest");
    old.execute("PRAGMA user_version = 1");
  }
  book.open();
  book.record({done_link(3)});
  book.open();
  CHECK(book.rows().size() == 3);
  CHECK(book->counts().done == 2);
}

TEST_CASE("a ledger whose ids lack their last bit gets it, and knows the same links") {
  Book book;
  const std::vector<std::string> links{"https://example.org/a.jpg", "https://example.org/b.jpg", "no link at all"};
  std::vector<std::uint64_t> ids;
  for (const std::string& link : links) ids.push_back(link_id(link));
  ids.push_back(link_id(imgur_identity("aB3dE5f")));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    wire::Outcome outcome = done_link(ids[i] >> 1U);
    outcome.set_url(i < links.size() ? links[i] : "http://i.imgur.com/aB3dE5f.gif");
    outcome.set_name(i < links.size() ? "x" : "aB3dE5f");
    book.record({outcome});
  }
  book.close();
  {
    Database old(book.file());
    make_version_2(old);
  }
  for (int times = 0; times < 2; ++times) {
    book.open();
    const std::vector<LinkRow> rows = book.rows();
    REQUIRE(rows.size() == ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) CHECK(rows[i].id == ids[i]);
  }
  wire::Outcome again = done_link(ids[0]);
  book.record({again});
  CHECK(book.rows().size() == ids.size());
}

TEST_CASE("a ledger of version 2 is taken over, with its counts") {
  Book book;
  book.record({done_link(1), failed_link(2, "http-404")});
  book.open();
  book.record({done_link(3)});
  book.close();
  {
    Database old(book.file());
    make_version_2(old);
  }
  book.open();
  CHECK_NOTHROW(book.check());
  CHECK(book->counts().done == 2);
  CHECK(book->counts().failed == 1);
  CHECK(book->synced().seq == 3);
}

TEST_CASE("without a write-ahead log others read what is committed, and nothing is left beside the file") {
  const test::ScratchFolder scratch;
  const std::string file = scratch / "ledger.sqlite";
  const bool had_wal = GENERATE(true, false);
  if (had_wal) {
    Ledger before(file, WallTime{});
    before.record(std::vector{link_row(done_link(7), 1)}, 1);
  }
  Ledger ledger(file, WallTime{}, {}, false);
  ledger.record(std::vector{link_row(done_link(1), 1)}, 1);
  CHECK_FALSE(std::filesystem::exists(file + "-wal"));
  CHECK_FALSE(std::filesystem::exists(file + "-shm"));
  Database reader(file, Database::Access::read);
  CHECK(reader.number("SELECT count(*) FROM links") == (had_wal ? 2 : 1));
  check_ledger(reader, file);
  ledger.record(std::vector{link_row(done_link(2), 1)}, 1);
  CHECK(reader.number("SELECT count(*) FROM links") == (had_wal ? 3 : 2));
}

TEST_CASE("rows whose files are lost are removed after another boot, and their numbers never used again") {
  Book book;
  book.record({done_link(1), done_link(2), failed_link(3, "dns")});
  book->set_synced({"one", 1, 0});
  book.open("run");
  CHECK_FALSE(book->has_rebooted());
  book->begin_in_new_boot("two", std::vector<std::uint64_t>{2, 3});
  CHECK(book->counts().done == 1);
  CHECK(book->counts().failed == 0);
  CHECK(book->has_rebooted());
  CHECK(book->synced().boot == "two");
  CHECK(book->synced().seq == 3);
  book.record({done_link(2)});
  CHECK(book->last_seq() == 4);
  CHECK_NOTHROW(book.check());
  book.open("run");
  CHECK(book->has_rebooted());
  CHECK(Database(book.file()).number("SELECT total(redone) FROM sessions") == 2);
}

TEST_CASE("how far the list was read is known to the processes of one invocation") {
  Book book;
  book.open("one");
  book->note_links_read(500);
  book->note_links_read(100);
  book.open("one");
  CHECK(book->links_read() == 500);
  book.open("two");
  CHECK(book->links_read() == 0);
}

TEST_CASE("a file that was only begun is a new ledger") {
  const test::ScratchFolder scratch;
  std::ofstream(scratch / "ledger.sqlite").flush();
  const Ledger ledger(scratch / "ledger.sqlite", WallTime{});
  CHECK(ledger.counts().settled() == 0);
}
