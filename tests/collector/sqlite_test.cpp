#include "collector/sqlite.h"

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;

TEST_CASE("text comes back byte by byte, also what is no UTF-8 or has NULs in it") {
  const test::ScratchFolder scratch;
  Database database(scratch / "a.sqlite");
  database.execute("CREATE TABLE t (value)");
  const std::string text = GENERATE(std::string(), std::string("é"), std::string("\xff\xfe"), std::string("a\0b", 3));
  Statement(database, "INSERT INTO t VALUES (?)").bind(text).run();
  Statement read(database, "SELECT value FROM t");
  REQUIRE(read.step());
  CHECK(read.text() == text);
  CHECK(database.number("SELECT value IS NULL FROM t") == 0);
}

TEST_CASE("NULL is nothing, 0 is not") {
  const test::ScratchFolder scratch;
  Database database(scratch / "a.sqlite");
  Statement statement(database, "SELECT ?, ?, ?, ?");
  statement.bind_nulls(2).bind(0).bind(std::optional<std::int64_t>());
  REQUIRE(statement.step());
  CHECK(statement.text().empty());
  CHECK_FALSE(statement.optional_number());
  CHECK(statement.optional_number() == 0);
  CHECK_FALSE(statement.optional_number());
}

TEST_CASE("what is not committed is not there") {
  const test::ScratchFolder scratch;
  Database database(scratch / "a.sqlite");
  database.execute("CREATE TABLE t (value)");
  {
    Transaction transaction(database);
    database.execute("INSERT INTO t VALUES (1)");
  }
  CHECK(database.number("SELECT count(*) FROM t") == 0);
  Transaction transaction(database);
  database.execute("INSERT INTO t VALUES (1)");
  transaction.commit();
  CHECK(database.number("SELECT count(*) FROM t") == 1);
}

TEST_CASE("a full disk is named, with the folder and what to do") {
  const test::ScratchFolder scratch;
  Database database(scratch / "a.sqlite");
  database.execute("CREATE TABLE t (value); PRAGMA max_page_count = 10");
  const Stop stop = test::stop_of([&] { database.execute("INSERT INTO t VALUES (randomblob(1000000))"); });
  CHECK(stop.code() == ExitCode::cannot_go_on);
  CHECK(std::string(stop.what()) ==
        "no room left in " + scratch.path().string() + "; make room and run the same command again");
}

TEST_CASE("a file that cannot be opened is named") {
  const Stop stop = test::stop_of([] { const Database database("/proc/nothing/a.sqlite"); });
  CHECK(std::string(stop.what()).starts_with("cannot use /proc/nothing/a.sqlite"));
}
