#include "collector/ledger_check.h"

#include <fstream>
#include <random>
#include <thread>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/collector/book.h"

using namespace thumbline;
using test::Book;
using test::done_link;
using test::failed_link;

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
    book.check();
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
      book.check();
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

TEST_CASE("a ledger is open before its rows were read; the check reads them") {
  Book book;
  std::vector<wire::Outcome> outcomes;
  for (std::uint64_t id = 0; id < 2000; ++id) outcomes.push_back(done_link(id));
  book.record(outcomes);
  book.open();
  book.close();
  {
    std::fstream file(book.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(40 * 4096 + 2000).write("\x5a", 1);
  }
  book.open();
  CHECK(book->counts().done == 2000);
  LedgerCheck check(book.file());
  const Stop stop = test::stop_of([&] {
    while (!check.has_passed()) std::this_thread::yield();
  });
  CHECK(stop.code() == ExitCode::cannot_go_on);
  CHECK(std::string(stop.what()).starts_with(book.file() + " is damaged"));
}

TEST_CASE("a ledger is checked while it is written, once in each invocation") {
  Book book;
  book.open("one");
  CHECK_FALSE(book->is_checked());
  LedgerCheck check(book.file());
  for (std::uint64_t id = 1; !check.has_passed() || id < 500; ++id) book.record({done_link(id)});
  book->set_checked();
  CHECK(book->is_checked());
  book.open("one");
  CHECK(book->is_checked());
  book.open("two");
  CHECK_FALSE(book->is_checked());
  CHECK_NOTHROW(book.check());
}

TEST_CASE("rows that are gone, or are not in the index, are noticed") {
  Book book;
  book.record({done_link(1), done_link(2), failed_link(3, "dns")});
  book.close();
  Database(book.file())
      .execute(GENERATE("DELETE FROM links WHERE id = 2", "UPDATE sessions SET failed = 0",
                        "UPDATE links SET link = 'other' WHERE id = 1"));
  book.open();
  CHECK(test::stop_of([&] { book.check(); }).code() == ExitCode::cannot_go_on);
}

TEST_CASE("an index that has another id than the row is noticed: that link would be entered once more") {
  Book book;
  const std::uint64_t id = 0x1122334455667788;
  book.record({done_link(id - 100), done_link(id), done_link(id + 100)});
  book.close();
  std::int64_t page = 0;
  std::int64_t page_bytes = 0;
  {
    Database ledger(book.file());
    page = ledger.number("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_links_1'");
    page_bytes = ledger.number("PRAGMA page_size");
  }
  std::fstream file(book.file(), std::ios::in | std::ios::out | std::ios::binary);
  std::string index(static_cast<std::size_t>(page_bytes), '\0');
  file.seekg((page - 1) * page_bytes).read(index.data(), page_bytes);
  const std::size_t at = index.find("\x11\x22\x33\x44\x55\x66\x77\x88");
  REQUIRE(at != std::string::npos);
  file.seekp((page - 1) * page_bytes + static_cast<std::int64_t>(at) + 7).put('\x89');
  file.close();
  book.open();
  const Stop stop = test::stop_of([&] { book.check(); });
  CHECK(stop.code() == ExitCode::cannot_go_on);
  CHECK(std::string(stop.what()).find("index") != std::string::npos);
}

TEST_CASE("a check that is not waited for ends at once") {
  Book book;
  std::vector<wire::Outcome> outcomes;
  for (std::uint64_t id = 0; id < 2000; ++id) outcomes.push_back(done_link(id));
  book.record(outcomes);
  CHECK_NOTHROW(LedgerCheck(book.file()));
}
