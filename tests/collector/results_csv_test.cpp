#include "collector/results_csv.h"

#include <algorithm>
#include <vector>

#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;

namespace {

/// The fields of one line, by RFC 4180.
std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> result(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && line[i + 1] == '"') {
      result.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      result.emplace_back();
    } else {
      result.back() += c;
    }
  }
  REQUIRE_FALSE(quoted);
  REQUIRE(result.back().ends_with('\n'));
  result.back().pop_back();
  return result;
}

std::string field(const LinkRow& row, const std::string& column) {
  const std::vector<std::string> names = fields(csv_heading());
  const std::vector<std::string> values = fields(csv_line(row));
  REQUIRE(values.size() == names.size());
  const auto found = std::ranges::find(names, column);
  REQUIRE(found != names.end());
  return values[static_cast<std::size_t>(found - names.begin())];
}

}  // namespace

TEST_CASE("a line of results.csv tells everything of a link") {
  const LinkRow row = link_row(test::done_link(7), 1'000'000);
  CHECK(field(row, "link") == "https://example.org/picture7.jpg");
  CHECK(field(row, "outcome") == "done");
  CHECK(field(row, "reason").empty());
  CHECK(field(row, "attempts") == "1");
  CHECK(field(row, "image") == "images/picture7.jpg");
  CHECK(field(row, "image_bytes") == "1000");
  CHECK(field(row, "http_status") == "200");
  CHECK(field(row, "fetch_ms") == "40.000");
  CHECK(field(row, "first_byte_ms") == "30.000");
  CHECK(field(row, "fetcher") == "one:11");
  CHECK(field(row, "image_width") == "640");
  CHECK(field(row, "thumbnail") == "thumbnails/picture7_thumbnail.jpg");
  CHECK(field(row, "thumbnail_height") == "96");
  CHECK(field(row, "thumbnail_bytes") == "300");
  CHECK(field(row, "resize_ms") == "3.000");
  CHECK(field(row, "resizer") == "two:22");
}

TEST_CASE("a failed link has its reason, and as many fields as any") {
  const LinkRow row = link_row(test::failed_link(7, "http-404"), 0);
  CHECK(field(row, "outcome") == "failed");
  CHECK(field(row, "reason") == "http-404");
  CHECK(field(row, "detail") == "it is not there");
  CHECK(field(row, "fetch_ms").empty());
  CHECK(field(row, "resizer").empty());
}

TEST_CASE("a picture that lay in the store has no times of a transfer") {
  wire::Outcome outcome = test::done_link(7);
  outcome.mutable_fetch()->set_reused(true);
  const LinkRow row = link_row(outcome, 0);
  CHECK(field(row, "image") == "images/picture7.jpg");
  CHECK(field(row, "fetch_ms").empty());
  CHECK(field(row, "fetcher") == "one:11");
}

TEST_CASE("hostile links do not break out of their field") {
  LinkRow row = link_row(test::failed_link(7, "bad-link"), 0);
  row.link = GENERATE(as<std::string>{}, "a,b", "a\"b", "\"", "\"\",\"", ",,,", "");
  CHECK(field(row, "link") == row.link);
}

TEST_CASE("the file is UTF-8 without NUL, whatever the links are") {
  LinkRow row = link_row(test::failed_link(7, "bad-link"), 0);
  row.link = std::string("http://h/caf\xe9/\0,\"", 17);
  CHECK(field(row, "link") == "http://h/caf%E9/%00,\"");
  row.link = std::string("caf\xe9/\0,\"", 8);
  row.name.clear();  // as of a line that is no link
  CHECK(field(row, "link") == "caf%E9/%00,\"");
}

TEST_CASE("a path that is no UTF-8 has the bytes that the file's name has") {
  const std::string stem = "caf\xe9/\xc3\xa9\xff,";
  LinkRow row = link_row(test::done_link(7), 0);
  row.link = stem + ".jpg";
  row.name = stem;
  REQUIRE((row.fetch && row.resize));
  row.fetch->image = "images/" + stem + ".jpg";
  row.resize->thumbnail = "thumbnails/" + stem + "\n\xc2\x9b_thumbnail.jpg";
  CHECK(field(row, "link") == row.link);
  CHECK(field(row, "name") == row.name);
  CHECK(field(row, "image") == row.fetch->image);
  CHECK(field(row, "thumbnail") == "thumbnails/" + stem + "\\n\\x9b_thumbnail.jpg");
  row.link = "http://h/" + stem + ".jpg";
  CHECK(field(row, "link") == "http://h/caf%E9/é%FF,.jpg");
}

TEST_CASE("no cell is a formula, and one apostrophe less is what was there") {
  LinkRow row = link_row(test::failed_link(7, "bad-link"), 0);
  row.detail =
      GENERATE(as<std::string>{}, "=HYPERLINK(\"http://x\")", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "＝1", "'quoted'");
  CHECK(field(row, "detail") == "'" + row.detail);
  CHECK(field(row, "link") == row.link);
}

TEST_CASE("control characters are seen, and command nobody's terminal") {
  LinkRow row = link_row(test::failed_link(7, "bad-link"), 0);
  row.link =
      "two\nlines\r\n\x1b[2J\t\x7f\xc2\x9b\xe2\x80\xae"
      "café";
  CHECK(field(row, "link") ==
        "two\\nlines\\r\\n\\x1b[2J\\t\\x7f\\x9b\\u202e"
        "café");
}
