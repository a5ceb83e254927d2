#include "common/net/request_settings.h"

#include <stdlib.h>

#include "common/base/program.h"
#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("what a head says of requests is what its workers hear") {
  const RequestSettings settings{"me (+https://a.example/)", {"X-Key: \xff", "Accept: image/png"}, 3};
  const RequestSettings heard = from_wire(to_wire(settings));
  CHECK(heard.user_agent == settings.user_agent);
  CHECK(heard.headers == settings.headers);
  CHECK(heard.max_redirects == settings.max_redirects);
}

TEST_CASE("what cannot be sent is refused, whoever says it, and not repeated") {
  wire::Requests requests;
  requests.add_headers("secret");
  CHECK_THROWS_AS(from_wire(requests), Stop);
  requests.Clear();
  requests.set_user_agent("me\r\nX: secret");
  CHECK_THROWS_AS(from_wire(requests), Stop);
  requests.Clear();
  requests.set_max_redirects(4'000'000'000);
  CHECK(from_wire(requests).max_redirects == 100);

  RequestSettings settings;
  ::setenv("THUMBLINE_HEADERS", "X-Key: a\nsecret", 1);
  try {
    complete_request_settings(settings);
    CHECK(false);
  } catch (const Stop& stop) {
    CHECK(stop.code() == ExitCode::bad_usage);
    CHECK(std::string(stop.what()).find("secret") == std::string::npos);
  }
  ::unsetenv("THUMBLINE_HEADERS");
}
