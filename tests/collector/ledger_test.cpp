#include "collector/ledger.h"

#include <fstream>
#include <limits>
#include <memory>
#include <random>

#include "common/base/link_id.h"
#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;
using test::done_link;
using test::failed_link;

namespace {

constexpr auto highest_id = std::numeric_limits<std::uint64_t>::max();

/// A ledger that can be closed and opened again.
class Book {
 public:
  Book() { open(); }
  void open() {
    ledger_.reset();
    ledger_ = std::make_unique<Ledger>(file(), WallTime{});
  }
  void close() { ledger_.reset(); }
  Ledger* operator->() { return ledger_.get(); }
  [[nodiscard]] std::string file() const { return scratch_ / "ledger.sqlite"; }
  void record(const std::vector<wire::Outcome>& outcomes, std::int64_t wall_us = 1) {
    std::vector<LinkRow> rows;
    rows.reserve(outcomes.size());
    for (const wire::Outcome& outcome : outcomes) rows.push_back(link_row(outcome, 1'000'000));
    ledger_->record(rows, wall_us);
  }
  std::vector<LinkRow> rows() {
    std::vector<LinkRow> result;
    ledger_->each_row([&](const LinkRow& row) { result.push_back(row); });
    return result;
  }

 private:
  test::ScratchFolder scratch_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace

TEST_CASE("what is recorded can be read back, also after it was closed") {
  Book book;
  wire::Outcome done = done_link(highest_id);
  done.set_url("caf\xe9");
  book.record({done, failed_link(2, "http-404")});
  book.open();
  const std::vector<LinkRow> rows = book.rows();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].id == highest_id);
  CHECK(rows[0].link == "caf\xe9");
  CHECK(rows[0].reason.empty());
  CHECK(rows[0].fetch->image == done.fetch().path());
  CHECK(rows[0].fetch->bytes == 1000);
  CHECK(rows[0].fetch->http_status == 200);
  CHECK(rows[0].fetch->first_byte_us == 30'000);
  CHECK(rows[0].fetch->worker == "one:11");
  CHECK(rows[0].fetch->span->started_us == 955'000);
  CHECK(rows[0].resize->thumbnail == done.resize().path());
  CHECK(rows[0].resize->source_height == 480);
  CHECK(rows[0].resize->width == 128);
  CHECK(rows[0].resize->bytes == 300);
  CHECK(rows[0].resize->span.ended_us == 999'000);
  CHECK(rows[0].resize->worker == "two:22");
  CHECK(rows[1].reason == "http-404");
  CHECK(rows[1].detail == "it is not there");
  CHECK_FALSE(rows[1].fetch);
  CHECK_FALSE(rows[1].resize);
  CHECK(book->counts().done == 1);
  CHECK(book->counts().failed == 1);
}

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

TEST_CASE("failed links can be forgotten, once for each producer") {
  const auto nothing = [](const std::string&) {};
  Book book;
  book.record({done_link(1), failed_link(2, "timeout"), failed_link(3, "dns")});
  CHECK(book->forget_failed(highest_id, nothing) == 2);
  CHECK(book->counts().failed == 0);
  CHECK(book->ids_after(std::nullopt, 10) == std::vector<std::uint64_t>{1});
  book.record({failed_link(2, "timeout")});
  book.open();
  CHECK(book->forget_failed(highest_id, nothing) == 0);
  CHECK(book->counts().failed == 1);
  CHECK(book->forget_failed(7, nothing) == 1);
}

TEST_CASE("of what is forgotten, originals that were no whole pictures are told; only once") {
  Book book;
  wire::Outcome whole = failed_link(1, "decode-limit");
  wire::Outcome broken = failed_link(2, "truncated");
  *whole.mutable_fetch() = done_link(1).fetch();
  *broken.mutable_fetch() = done_link(2).fetch();
  broken.mutable_fetch()->set_path("images/broken.jpg");
  book.record({whole, broken, failed_link(3, "corrupt"), done_link(4)});
  std::vector<std::string> told;
  const auto note = [&](const std::string& original) { told.push_back(original); };
  CHECK(book->forget_failed(7, note) == 3);
  CHECK(book->forget_failed(7, note) == 0);
  CHECK(told == std::vector<std::string>{"images/broken.jpg"});
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

TEST_CASE("a ledger whose pages are damaged ends the run with its name, not with wrong numbers") {
  Book book;
  std::vector<wire::Outcome> outcomes;
  for (std::uint64_t id = 0; id < 2000; ++id) outcomes.push_back(done_link(id));
  book.record(outcomes);
  book.open();  // closing has moved everything into the file
  {
    std::fstream file(book.file(), std::ios::in | std::ios::out | std::ios::binary);
    const std::string rubbish(16 * 4096, '\x5a');
    for (const int page : {4, 40, 80})
      file.seekp(page * 4096).write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));
  }
  const Stop stop = test::stop_of([&] {
    book.open();
    book.rows();
    for (std::uint64_t id = 2000; id < 4000; ++id) book.record({done_link(id)});
  });
  CHECK(stop.code() == ExitCode::cannot_go_on);
  CHECK(std::string(stop.what()).find(book.file() + " is damaged") == 0);
}

TEST_CASE("a bit that flips anywhere in a ledger is noticed, or was of no matter") {
  Book book;
  for (std::uint64_t id = 1; id <= 40; ++id) book.record({id % 4 == 0 ? failed_link(id, "http-404") : done_link(id)});
  book.open();  // moves the WAL into the file
  const auto digests = [&] {
    std::vector<std::string> texts;
    for (const LinkRow& row : book.rows())
      texts.push_back(std::to_string(row.id) + row.link + row.name + row.reason + row.detail);
    return texts;
  };
  const auto before = digests();
  book.close();
  const std::string file = book.file();
  const auto size = std::filesystem::file_size(file);
  const auto flip = [&](std::uintmax_t bit) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(bit / 8));
    const int byte = bytes.get() ^ (1 << (bit % 8));
    bytes.seekp(static_cast<std::streamoff>(bit / 8));
    bytes.put(static_cast<char>(byte));
  };
  std::mt19937_64 random(7);
  int noticed = 0;
  const std::string whole = file + ".whole";
  std::filesystem::copy_file(file, whole);
  for (int i = 0; i < 500; ++i) {
    const std::uintmax_t bit = random() % (size * 8);
    CAPTURE(bit);
    std::filesystem::copy_file(whole, file, std::filesystem::copy_options::overwrite_existing);
    for (const char* rest : {"-wal", "-shm"}) std::filesystem::remove(file + rest);
    flip(bit);
    try {
      book.open();
      CHECK(digests() == before);
    } catch (const Stop& stop) {
      ++noticed;
      CHECK(stop.code() == ExitCode::cannot_go_on);
      CHECK(std::string(stop.what()).find(file) != std::string::npos);
    }
    book.close();
  }
  CHECK(noticed > 100);
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
  Database(book.file()).execute("DELETE FROM meta WHERE key = 'id_bits'");
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

TEST_CASE("a file that was only begun is a new ledger") {
  const test::ScratchFolder scratch;
  std::ofstream(scratch / "ledger.sqlite").flush();
  const Ledger ledger(scratch / "ledger.sqlite", WallTime{});
  CHECK(ledger.counts().settled() == 0);
}
