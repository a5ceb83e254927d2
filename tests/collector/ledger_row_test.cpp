#include "collector/ledger_row.h"

#include <limits>

#include "tests/catch.h"
#include "tests/collector/book.h"

using namespace thumbline;
using test::Book;
using test::done_link;
using test::failed_link;

TEST_CASE("what is recorded can be read back, also after it was closed") {
  Book book;
  wire::Outcome done = done_link(std::numeric_limits<std::uint64_t>::max());
  done.set_url("caf\xe9");
  book.record({done, failed_link(2, "http-404")});
  book.open();
  const std::vector<LinkRow> rows = book.rows();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].id == std::numeric_limits<std::uint64_t>::max());
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
