#include "common/base/reason.h"

#include "tests/catch.h"

using thumbline::Reason;

TEST_CASE("a reason's text is read back as the same reason") {
  for (int kind = Reason::bad_link; kind <= Reason::crashed_the_resizer; ++kind) {
    if (kind == Reason::http) continue;
    const Reason reason{static_cast<Reason::Kind>(kind)};
    INFO(reason.text());
    REQUIRE_FALSE(reason.text().empty());
    CHECK(Reason::parse(reason.text()) == reason);
  }
  CHECK(Reason::http_status(404).text() == "http-404");
  CHECK(Reason::parse("http-404") == Reason::http_status(404));
}

TEST_CASE("a text that is no reason is refused") {
  for (const char* text : {"", "http", "http-", "http-99", "http-1000", "http-4x4", "HTTP-404", "gone"}) {
    INFO(text);
    CHECK_FALSE(Reason::parse(text).has_value());
  }
}

TEST_CASE("what may pass by itself is transient, what will not is permanent") {
  for (const char* text : {"timeout", "reset", "rate-limited", "http-500", "http-503", "http-408", "connect", "dns"}) {
    INFO(text);
    CHECK(Reason::parse(text)->is_transient());
  }
  for (const char* text : {"http-404", "http-410", "removed", "too-large", "not-an-image", "corrupt", "bad-link",
                           "refused-address", "tls", "lost"}) {
    INFO(text);
    CHECK_FALSE(Reason::parse(text)->is_transient());
  }
}
