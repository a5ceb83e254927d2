#include "common/net/link_token.h"

#include <functional>

#include "proto/pipeline.pb.h"
#include "tests/catch.h"

using namespace thumbline;

namespace {

wire::Path path() {
  wire::Path path;
  path.set_id(7);
  path.set_url("https://example.org/a.jpg");
  path.set_name("a-0123");
  path.set_attempt(2);
  path.set_last_attempt(true);
  path.set_extension("jpg");
  return path;
}

}  // namespace

TEST_CASE("a token goes with the attempt from the link to the outcome") {
  const LinkTokens tokens(RunKey::generate(), "run");
  wire::Link link;
  link.set_id(7);
  link.set_url("https://example.org/a.jpg");
  link.set_attempt(1);
  link.set_token(tokens.token(link));
  wire::Path path;
  name_same_attempt(link, path);
  wire::Outcome outcome;
  name_same_attempt(path, outcome);
  CHECK(tokens.fits(outcome));
}

TEST_CASE("a token fits nothing else than what it was made for") {
  const RunKey key = RunKey::generate();
  const LinkTokens tokens(key, "run");
  wire::Path given = path();
  given.set_token(tokens.token(given));
  wire::Outcome outcome;
  name_same_attempt(given, outcome);
  REQUIRE(tokens.fits(outcome));
  SECTION("another link") {
    outcome.set_id(8);
  }
  SECTION("another text of the link") {
    outcome.set_url("https://example.org/b.jpg");
  }
  SECTION("another name") {
    outcome.set_name("sub/shell.php");
  }
  SECTION("a name that begins where the link ends") {
    outcome.set_url(given.url() + "a");
    outcome.set_name(given.name().substr(1));
  }
  SECTION("another attempt") {
    outcome.set_attempt(3);
  }
  SECTION("whether it is the last") {
    outcome.set_last_attempt(false);
  }
  SECTION("another extension") {
    outcome.set_extension("php");
  }
  SECTION("no token") {
    outcome.clear_token();
  }
  SECTION("a part of it") {
    outcome.set_token(outcome.token().substr(0, 15));
  }
  SECTION("another run with the same keys") {
    CHECK_FALSE(LinkTokens(key, "another").fits(outcome));
    return;
  }
  SECTION("other keys") {
    CHECK_FALSE(LinkTokens(RunKey::generate(), "run").fits(outcome));
    return;
  }
  CHECK_FALSE(tokens.fits(outcome));
}
