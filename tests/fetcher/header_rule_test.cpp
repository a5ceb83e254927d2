#include "fetcher/header_rule.h"

#include <string>
#include <vector>

#include "tests/catch.h"

using namespace thumbline;

namespace {

/// What the rule says of these lines, one after the other: the first failure's reason, or "taken".
std::string said(const std::vector<std::string>& lines) {
  HeaderRule rule;
  for (const std::string& line : lines) {
    if (const auto taken = rule.take(line + "\r\n"); !taken) return taken.error().reason.text();
  }
  return "taken";
}

}  // namespace

TEST_CASE("usual headers are taken, and chunks") {
  CHECK(said({"HTTP/1.1 200 OK", "Content-Type: image/jpeg", "Content-Encoding: gzip", "Transfer-Encoding: chunked", ""}) ==
        "taken");
  for (const std::string value : {"chunked", " Chunked ", "identity", "identity, chunked", ",chunked,", ""}) {
    INFO(value);
    CHECK(said({"HTTP/1.1 200 OK", "Transfer-Encoding:" + value}) == "taken");
  }
}

TEST_CASE("any other transfer coding is refused, however it is written") {
  for (const std::string field :
       {"Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: gzip, gzip, gzip, gzip, chunked", "transfer-encoding:zstd", "TRANSFER-ENCODING: X-GZIP",
        "Transfer-Encoding : br", "Transfer-Encoding:\tdeflate", "Transfer-Encoding: gzip;q=1, chunked",
        "Transfer-Encoding: chunkedgzip"}) {
    INFO(field);
    CHECK(said({"HTTP/1.1 200 OK", field}) == "not-an-image");
    CHECK(said({"HTTP/1.0 200 OK", field}) == "not-an-image");
    CHECK(said({"HTTP/1.1 302 Found", "Location: /x", field}) == "not-an-image");
  }
}

TEST_CASE("codings are found in a second field, on a folded line, and in a later response") {
  CHECK(said({"HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip"}) == "not-an-image");
  CHECK(said({"HTTP/1.1 200 OK", "Transfer-Encoding: chunked,", "\tgzip"}) == "not-an-image");
  CHECK(said({"HTTP/1.1 200 OK", "Transfer-Encoding:", " gzip", ""}) == "not-an-image");
  CHECK(said({"HTTP/1.1 100 Continue", "", "HTTP/1.1 302 Found", "", "HTTP/1.1 200 OK", "Transfer-Encoding: gzip"}) ==
        "not-an-image");
  // A folded line of another field is that field's.
  CHECK(said({"HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "X-Note: a", " gzip"}) == "taken");
}

TEST_CASE("one content coding is taken, and no second one around it") {
  for (const std::string value : {"gzip", "br", "gzip, identity", "none", "x", ""}) {
    INFO(value);
    CHECK(said({"HTTP/1.1 200 OK", "Content-Encoding: " + value}) == "taken");
  }
  CHECK(said({"HTTP/1.1 200 OK", "Content-Encoding: gzip, gzip"}) == "not-an-image");
  CHECK(said({"HTTP/1.1 200 OK", "Content-Encoding: gzip,", " br"}) == "not-an-image");
  CHECK(said({"HTTP/1.1 200 OK", "Content-Encoding: gzip", "content-encoding: zstd"}) == "not-an-image");
  CHECK(said({"HTTP/1.1 302 Found", "Content-Encoding: gzip", "", "HTTP/1.1 200 OK", "Content-Encoding: gzip"}) == "taken");
}

TEST_CASE("codings with a window are told from those without") {
  const auto has_window = [](const std::vector<std::string>& lines) {
    HeaderRule rule;
    for (const std::string& line : lines) REQUIRE(rule.take(line + "\r\n"));
    return rule.is_decoded_with_window();
  };
  for (const std::string value : {"br", "zstd", "BR", "Zstd", "identity, zstd"})
    CHECK(has_window({"HTTP/2 200", "Content-Encoding: " + value}));
  for (const std::string value : {"gzip", "X-GZIP", "deflate", "identity", ""})
    CHECK_FALSE(has_window({"HTTP/2 200", "Content-Encoding: " + value}));
  CHECK(has_window({"HTTP/2 200", "Content-Encoding: identity", "content-encoding: zstd"}));
  CHECK_FALSE(has_window({"HTTP/2 302", "Content-Encoding: zstd", "", "HTTP/2 200"}));
}

TEST_CASE("a header has ended with its empty line, and not with that of an interim response") {
  HeaderRule rule;
  const auto has_ended_after = [&](const std::string& line) {
    REQUIRE(rule.take(line + "\r\n"));
    return rule.has_ended();
  };
  CHECK_FALSE(rule.has_ended());
  CHECK_FALSE(has_ended_after("HTTP/1.1 103 Early Hints"));
  CHECK_FALSE(has_ended_after(""));
  CHECK_FALSE(has_ended_after("HTTP/2 200"));
  CHECK_FALSE(has_ended_after("Content-Length: 100"));
  CHECK(has_ended_after(""));
  CHECK(has_ended_after("X-Trailer: x"));
  CHECK_FALSE(has_ended_after("HTTP/1.1 404 Not Found"));
}

TEST_CASE("all lines of a link count together, in bytes and in number, until the next one begins") {
  const std::string line(1022, 'x');
  std::vector<std::string> lines(HeaderRule::most_bytes / 1024, line);
  CHECK(said(lines) == "taken");
  lines.emplace_back();
  CHECK(said(lines) == "too-large");
  CHECK(said(std::vector<std::string>(HeaderRule::most_lines, "X:")) == "taken");
  CHECK(said(std::vector<std::string>(HeaderRule::most_lines + 1, "X:")) == "too-large");

  HeaderRule rule;
  for (std::uint64_t i = 0; i < HeaderRule::most_lines; ++i) REQUIRE(rule.take("X:\r\n"));
  rule.begin();
  CHECK(rule.take("X:\r\n"));
}
