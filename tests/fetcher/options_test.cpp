#include "fetcher/options.h"

#include <stdlib.h>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
using namespace thumbline::test;

namespace {

FetcherOptions parsed(const std::vector<std::string>& more) {
  std::vector<const char*> words{"thumbline-fetcher", "--key", "key", "--head", "tcp://127.0.0.1:7117"};
  for (const std::string& word : more) words.push_back(word.c_str());
  return parse_fetcher_options(static_cast<int>(words.size()), words.data());
}

std::string refusal(const std::vector<std::string>& more) {
  try {
    parsed(more);
  } catch (const Stop& stop) {
    CHECK(stop.code() == ExitCode::bad_usage);
    return stop.what();
  }
  return "none";
}

/// An environment variable, as long as it is there.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("a longer timeout allows longer pauses") {
  using std::chrono::seconds;
  CHECK(parsed({}).limits.stalled == seconds(20));
  CHECK(parsed({"--timeout", "3"}).limits.stalled == seconds(20));
  CHECK(parsed({"--timeout", "60"}).limits.stalled == seconds(20));
  CHECK(parsed({"--timeout", "600"}).limits.stalled == seconds(200));
}

TEST_CASE("header fields come from the command line and from the environment") {
  const Variable variable("THUMBLINE_HEADERS", "X-Key: secret\nX-More: [a,b]\n");
  const FetcherOptions options = parsed({"--header", "Accept: a,b", "--header", "X-List: [a,b]"});
  CHECK(options.limits.request.headers ==
        std::vector<std::string>{"Accept: a,b", "X-List: [a,b]", "X-Key: secret", "X-More: [a,b]"});
}

TEST_CASE("a header field that cannot be sent is refused, and not shown") {
  CHECK(refusal({"--header", "X-Key; secret"}) == "--header: wanted is 'Name: value'");
  CHECK(refusal({"--header", "Host: b.example"}).find("host") != std::string::npos);
  const Variable variable("THUMBLINE_HEADERS", "secret");
  CHECK(refusal({}).find("secret") == std::string::npos);
}

TEST_CASE("a proxy is taken from the command line, else from the environment") {
  const Variable of_all("https_proxy", "a:1");
  CHECK(parsed({}).limits.request.proxies.proxy_for("https://x.example/") == "a:1");
  CHECK(parsed({"--proxy", "b:2"}).limits.request.proxies.proxy_for("https://x.example/") == "b:2");
  CHECK(parsed({"--proxy", ""}).limits.request.proxies.proxy_for("https://x.example/").empty());
  const Variable ours("THUMBLINE_PROXY", "c:3");
  CHECK(parsed({}).limits.request.proxies.proxy_for("https://x.example/") == "c:3");
  CHECK(refusal({"--proxy", "ftp://user:secret@a"}).find("secret") == std::string::npos);
}

TEST_CASE("the user agent is one line") {
  CHECK(parsed({"--user-agent", "me (+https://a.example/)"}).limits.request.user_agent == "me (+https://a.example/)");
  CHECK(refusal({"--user-agent", "me\r\nX: y"}).find("--user-agent") != std::string::npos);
}
