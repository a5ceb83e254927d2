#include "fetcher/proxy_rule.h"

#include <map>

#include "tests/catch.h"

using namespace thumbline;

namespace {

using Variables = std::map<std::string, std::string>;

ProxyRule::Environment environment(const Variables& variables) {
  return [variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

}  // namespace

TEST_CASE("the environment's proxies mean what they mean to curl") {
  const ProxyRule rule(std::nullopt, environment({{"http_proxy", "a:1"}, {"HTTPS_PROXY", "b:2"}, {"all_proxy", "c:3"}}));
  CHECK(rule.proxy_for("http://x.example/") == "a:1");
  CHECK(rule.proxy_for("https://x.example/") == "b:2");
  CHECK(rule.proxy_for("HTTPS://x.example/") == "b:2");
  const ProxyRule of_all(std::nullopt, environment({{"HTTP_PROXY", "a:1"}, {"https_proxy", ""}, {"ALL_PROXY", "c:3"}}));
  CHECK(of_all.proxy_for("http://x.example/") == "c:3");  // HTTP_PROXY may be a header of a CGI script's client
  CHECK(of_all.proxy_for("https://x.example/") == "c:3");
  CHECK(ProxyRule(std::nullopt, environment({})).proxy_for("http://x.example/").empty());
}

TEST_CASE("a proxy that is named goes before those of the environment") {
  const Variables variables{{"http_proxy", "a:1"}, {"https_proxy", "a:1"}, {"NO_PROXY", "x.example"}};
  const ProxyRule rule("b:2", environment(variables));
  CHECK(rule.proxy_for("http://y.example/") == "b:2");
  CHECK(rule.proxy_for("https://y.example/") == "b:2");
  CHECK(rule.proxy_for("https://x.example/").empty());
  const ProxyRule none("", environment(variables));
  CHECK(none.proxy_for("http://y.example/").empty());
  CHECK(none.text().empty());
}

TEST_CASE("hosts that are asked without a proxy") {
  struct Row {
    const char* host;
    const char* list;
    bool is_listed;
  };
  for (const Row& row : {
           Row{"a.example", "*", true},
           Row{"a.example", "", false},
           Row{"a.example", "b.example,a.example", true},
           Row{"a.example", " b.example  A.Example ", true},
           Row{"w.a.example", "a.example", true},
           Row{"w.a.example", ".a.example", true},
           Row{"a.example", ".a.example", true},
           Row{"wa.example", "a.example", false},
           Row{"10.1.2.3", "10.0.0.0/8", true},
           Row{"11.1.2.3", "10.0.0.0/8", false},
           Row{"10.1.2.3", "10.1.2.3", true},
           Row{"10.1.2.3", "10.1.2.0/31", false},
           Row{"10.1.2.1", "10.1.2.0/31", true},
           Row{"10.1.2.1", "10.1.2.0/33,10.1.2.0/x,/8", false},
           Row{"10.1.2.3", "2.3", false},
           Row{"[fd00::1]", "fd00::/8", true},
           Row{"[fd00::1]", "[fd00::1]", true},
           Row{"[fe00::1]", "fd00::/8", false},
           Row{"[fd00::1]", "10.0.0.0/8", false},
       }) {
    INFO(row.host << " in " << row.list);
    CHECK(is_listed_host(row.host, row.list) == row.is_listed);
  }
}

TEST_CASE("what is said of proxies has no password in it") {
  CHECK(ProxyRule("http://user:p@ss@proxy.example:3128", environment({})).text() == "http://proxy.example:3128");
  const ProxyRule rule(std::nullopt, environment({{"http_proxy", "user:secret@a:1"}, {"https_proxy", "b:2"}}));
  CHECK(rule.text() == "a:1 (http), b:2 (https)");
  CHECK(fault_of_proxy("ftp://user:secret@a.example").find("secret") == std::string::npos);
}

TEST_CASE("what is no proxy is told before anything begins") {
  for (const char* proxy : {"a.example", "a.example:3128", "http://user:secret@a.example:3128/", "https://a.example",
                            "socks5h://127.0.0.1:9050", "[::1]:3128"}) {
    INFO(proxy);
    CHECK(fault_of_proxy(proxy).empty());
  }
  for (const char* proxy : {"ftp://a.example", "http://", "a b", "http://a.example:port", ":3128"}) {
    INFO(proxy);
    CHECK_FALSE(fault_of_proxy(proxy).empty());
  }
}
