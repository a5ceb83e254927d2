// What is asked for and how often, as the server sees it.
#include <algorithm>

#include "tests/fetcher/fetching.h"
#include "tests/fetcher/scripted_server.h"

using namespace thumbline;
using namespace thumbline::test;
using Request = ScriptedServer::Request;
using Reply = ScriptedServer::Reply;
using Then = ScriptedServer::Then;

namespace {

/// The value of a field of a request; "-" where it has none.
std::string field(const Request& request, const std::string& name) {
  const std::string begin = "\r\n" + name + ": ";
  const std::size_t at = request.head.find(begin);
  if (at == std::string::npos) return "-";
  return request.head.substr(at + begin.size(), request.head.find("\r\n", at + 2) - at - begin.size());
}

Reply redirect(const std::string& location, const std::string& fields = "") {
  return {ScriptedServer::answer("302 Found", "Location: " + location + "\r\n" + fields, "")};
}

/// Answers 200 and a picture wherever the path says nothing else.
Reply good() {
  return {ScriptedServer::picture()};
}

std::string cut(const std::string& answer, std::size_t missing) {
  return answer.substr(0, answer.size() - missing);
}

std::vector<std::string> paths(const ScriptedServer& server) {
  std::vector<std::string> paths;
  for (const Request& request : server.requests()) paths.push_back(request.path());
  return paths;
}

}  // namespace

TEST_CASE("what fails on a kept connection is asked for again on a new one, at once") {
  const Reply bad =
      GENERATE(Reply{"", Then::close}, Reply{"", Then::reset}, Reply{"\r\n\r\n220 no HTTP\r\n", Then::close},
               Reply{"HTTP/1.1 200 OK\r\nContent-Le", Then::close}, Reply{cut(ScriptedServer::picture(), 5), Then::close},
               Reply{cut(ScriptedServer::picture(), 5), Then::reset},
               Reply{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk", Then::close});
  INFO(bad.bytes);
  const ScriptedServer server([&](const Request& request) { return request.number == 1 ? good() : bad; });
  Fetching fetching;
  for (int i = 0; i < 6; ++i) CHECK(fetching.reason(server.url("/" + std::to_string(i) + ".gif")) == "done");
  CHECK(fetching.partial_files() == 0);
}

TEST_CASE("a redirect's target is asked for again on a new connection, and the link is not") {
  const ScriptedServer server([&](const Request& request) -> Reply {
    if (request.path() == "/link") return redirect("/target");
    return request.number == 1 ? good() : Reply{"\r\n\r\n220 no HTTP\r\n", Then::close};
  });
  Fetching fetching;
  CHECK(fetching.reason(server.url("/link")) == "done");
  CHECK(paths(server) == std::vector<std::string>{"/link", "/target", "/target"});
}

TEST_CASE("what fails on a new connection, or twice, is reported") {
  const ScriptedServer server([&](const Request& request) {
    return request.path() == "/good" ? good() : Reply{cut(ScriptedServer::picture(), 5), Then::close};
  });
  Fetching fetching;
  CHECK(fetching.reason(server.url("/bad")) == "truncated");
  CHECK(server.requests().size() == 1);
  CHECK(fetching.reason(server.url("/good")) == "done");
  CHECK(fetching.reason(server.url("/bad")) == "truncated");
  CHECK(server.requests().size() == 4);
}

TEST_CASE("what a server answers as a whole is not asked for again") {
  const ScriptedServer server([&](const Request& request) {
    if (request.number == 1) return good();
    return Reply{ScriptedServer::answer("404 Not Found", "", "no"), Then::close};
  });
  Fetching fetching;
  CHECK(fetching.reason(server.url("/1")) == "done");
  CHECK(fetching.reason(server.url("/2")) == "http-404");
  CHECK(server.requests().size() == 2);
}

TEST_CASE("requests say what thumbline reads, and who asks") {
  const ScriptedServer server([](const Request&) { return good(); });
  TransferLimits limits = local_limits();
  SECTION("by themselves") {
    CHECK(Fetching(limits).reason(server.url("/x")) == "done");
    const Request request = server.requests().at(0);
    CHECK(field(request, "Accept") == "image/jpeg,image/png,image/*;q=0.8,*/*;q=0.5");
    CHECK(field(request, "Accept-Encoding") == "identity");
    CHECK(field(request, "User-Agent").starts_with("thumbline/"));
    CHECK(field(request, "Cookie") == "-");
  }
  SECTION("as the user wants it") {
    limits.request.user_agent = "collector of cats (+https://a.example/)";
    limits.request.headers = {"Accept: image/png", "X-Key: secret", "Referer: https://a.example/"};
    CHECK(Fetching(limits).reason(server.url("/x")) == "done");
    const Request request = server.requests().at(0);
    CHECK(field(request, "User-Agent") == "collector of cats (+https://a.example/)");
    CHECK(field(request, "Accept") == "image/png");
    CHECK(field(request, "X-Key") == "secret");
    CHECK(field(request, "Referer") == "https://a.example/");
  }
}

TEST_CASE("secrets of the user's do not follow a redirect to another host") {
  const ScriptedServer other([](const Request&) { return good(); });
  const ScriptedServer server([&](const Request& request) -> Reply {
    if (request.path() == "/away") return redirect(other.url("/x"));
    return request.path() == "/here" ? redirect("/there") : good();
  });
  TransferLimits limits = local_limits();
  limits.request.headers = {"Authorization: Bearer secret", "X-Api-Key: secret", "Cookie: a=secret", "Accept-Language: de"};
  Fetching fetching(limits);
  CHECK(fetching.reason(server.url("/here")) == "done");
  CHECK(fetching.reason(server.url("/away")) == "done");
  for (const Request& request : server.requests()) {
    INFO(request.head);
    CHECK(field(request, "Authorization") == "Bearer secret");
    CHECK(field(request, "X-Api-Key") == "secret");
    CHECK(field(request, "Cookie") == "a=secret");
    CHECK(field(request, "Accept-Language") == "de");
  }
  REQUIRE(other.requests().size() == 1);
  CHECK(other.requests()[0].head.find("secret") == std::string::npos);
  CHECK(field(other.requests()[0], "Accept-Language") == "de");
  CHECK(fetching.reason(server.url("/here")) == "done");
  CHECK(field(server.requests().back(), "X-Api-Key") == "secret");
}

TEST_CASE("cookies of a redirect are kept for its link alone") {
  const ScriptedServer server([](const Request& request) -> Reply {
    if (request.path() != "/gate") return good();
    if (field(request, "Cookie") == "-") return redirect("/gate", "Set-Cookie: seen=yes\r\n");
    return redirect("/picture");
  });
  Fetching fetching(local_limits(), 1);
  CHECK(fetching.reason(server.url("/gate")) == "done");
  CHECK(paths(server) == std::vector<std::string>{"/gate", "/gate", "/picture"});
  CHECK(field(server.requests()[2], "Cookie") == "seen=yes");
  CHECK(fetching.reason(server.url("/other")) == "done");
  CHECK(field(server.requests().back(), "Cookie") == "-");
}

TEST_CASE("redirects are followed as often as wanted") {
  const ScriptedServer server([](const Request& request) {
    const int left = std::stoi(request.path().substr(1));
    return left == 0 ? good() : redirect(std::to_string(left - 1));
  });
  TransferLimits limits = local_limits();
  CHECK(Fetching(limits).reason(server.url("/10")) == "done");
  CHECK(Fetching(limits).reason(server.url("/11")) == "too-many-redirects");
  limits.request.max_redirects = 0;
  CHECK(Fetching(limits).reason(server.url("/0")) == "done");
  CHECK(Fetching(limits).reason(server.url("/1")) == "too-many-redirects");
  limits.request.max_redirects = 12;
  CHECK(Fetching(limits).reason(server.url("/12")) == "done");
}

TEST_CASE("a redirect that leads to no link is that answer, and not a bad link") {
  const std::string location = GENERATE("ftp://127.0.0.1/x", "http://user:secret@127.0.0.1/x", "http://somebody@127.0.0.1/x",
                                        "javascript:alert(1)", "http://", "http://a b/", "//", "");
  INFO(location);
  const ScriptedServer server([&](const Request&) { return redirect(location); });
  Fetching fetching;
  const Fetched fetched = fetching.fetch(server.url("/x"));
  REQUIRE(fetched.failure.has_value());
  CHECK(fetched.failure->reason.text() == "http-302");
  CHECK_FALSE(fetched.failure->transient);
  CHECK(fetched.failure->detail.find("secret") == std::string::npos);
  CHECK(fetched.fetch.http_status() == 302);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a Location is read as browsers read it") {
  struct Row {
    const char* location;
    const char* path;
  };
  const Row row = GENERATE(Row{"there.gif", "/a/there.gif"}, Row{"../b c.gif?q=d e", "/b%20c.gif?q=d%20e"},
                           Row{"/\xc3\xa4.gif#part", "/%C3%A4.gif"}, Row{"?q", "/a/x?q"}, Row{"  /spaces  ", "/spaces"});
  INFO(row.location);
  const ScriptedServer server(
      [&](const Request& request) { return request.path() == "/a/x" ? redirect(row.location) : good(); });
  CHECK(Fetching().reason(server.url("/a/x")) == "done");
  CHECK(server.requests().back().path() == row.path);
}

TEST_CASE("every answer of the 300s is what it is") {
  const ScriptedServer server([](const Request& request) -> Reply {
    const std::string status = request.path().substr(1, 3);
    if (request.path().ends_with("picture")) return good();
    const bool leads = request.path().ends_with("leads");
    return {ScriptedServer::answer(status + " Words", leads ? "Location: /000/picture\r\n" : "", "")};
  });
  Fetching fetching;
  for (const std::string status : {"300", "301", "302", "303", "307", "308"}) {
    CHECK(fetching.reason(server.url("/" + status + "/leads")) == "done");
    CHECK(fetching.reason(server.url("/" + status + "/does-not")) == "http-" + status);
  }
  for (const std::string status : {"305", "306"})
    CHECK(fetching.reason(server.url("/" + status + "/leads")) == "http-" + status);
}

TEST_CASE("a part that is the whole is a picture") {
  struct Row {
    const char* range;
    const char* reason;
  };
  const Row row = GENERATE(Row{"Content-Range: bytes 0-13/14\r\n", "done"}, Row{"Content-Range: bytes 0-13/15\r\n", "http-206"},
                           Row{"Content-Range: bytes 1-13/14\r\n", "http-206"},
                           Row{"Content-Range: bytes 0-13/*\r\n", "http-206"}, Row{"", "http-206"});
  INFO(row.range);
  const ScriptedServer server(
      [&](const Request&) -> Reply { return {ScriptedServer::answer("206 Partial", row.range, ScriptedServer::tiny_gif)}; });
  CHECK(Fetching().reason(server.url("/x")) == row.reason);
}

TEST_CASE("a proxy is asked for what it is meant for") {
  const ScriptedServer proxy([](const Request&) { return good(); });
  const ScriptedServer server([](const Request&) { return good(); });
  const auto environment = [&](const std::string& none_for) {
    return [none_for](const char* name) -> const char* {
      return std::string_view(name) == "no_proxy" ? none_for.c_str() : nullptr;
    };
  };
  TransferLimits limits;  // without --allow-private: the proxy itself may be anywhere
  SECTION("whatever its address") {
    limits.request.proxies = ProxyRule("http://user:secret@127.0.0.1:" + proxy.port(), environment(""));
    CHECK(Fetching(limits).reason("http://pictures.invalid/x.gif") == "done");
    REQUIRE(proxy.requests().size() == 1);
    CHECK(proxy.requests()[0].path() == "http://pictures.invalid/x.gif");
    CHECK(field(proxy.requests()[0], "Proxy-Authorization").starts_with("Basic "));
  }
  SECTION("but not for addresses that are nobody's business") {
    limits.request.proxies = ProxyRule("127.0.0.1:" + proxy.port(), environment(""));
    Fetching fetching(limits);
    CHECK(fetching.reason("http://pictures.invalid/x.gif") == "done");
    for (const std::string host : {"127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[fd00::1]", "10.1.2.3", "169.254.169.254",
                                   "localhost", "LOCALHOST.", "a.localhost"}) {
      CHECK(fetching.reason("http://" + host + "/x.gif") == "refused-address");
      CHECK(fetching.reason("https://" + host + "/x.gif") == "refused-address");
    }
    CHECK(proxy.requests().size() == 1);
  }
  SECTION("and not for hosts that are to be asked directly") {
    limits.allow_private = true;
    limits.request.proxies = ProxyRule("127.0.0.1:" + proxy.port(), environment("127.0.0.0/8"));
    CHECK(Fetching(limits).reason(server.url("/x.gif")) == "done");
    CHECK(server.requests().size() == 1);
    CHECK(proxy.requests().empty());
  }
}

TEST_CASE("a proxy that refuses a tunnel is no host that answers") {
  const ScriptedServer proxy([](const Request&) -> Reply { return {ScriptedServer::answer("403 Forbidden", "", "no")}; });
  TransferLimits limits;
  limits.request.proxies = ProxyRule("http://127.0.0.1:" + proxy.port(), [](const char*) { return nullptr; });
  const Fetched fetched = Fetching(limits).fetch("https://pictures.invalid/x.gif");
  REQUIRE(fetched.failure.has_value());
  CHECK(fetched.failure->reason.text() == "connect");
  CHECK(fetched.failure->detail.find("proxy") != std::string::npos);
}

namespace {

/// The tiny picture in a content coding, in which it is only stored.
std::string coded(const std::string& coding) {
  const std::string& picture = ScriptedServer::tiny_gif;
  const std::string size(1, static_cast<char>(picture.size()));
  // RFC 1952 and 1951, 3.2.4
  if (coding == "gzip") {
    const std::string complement{static_cast<char>(~picture.size()), '\xff'};
    return std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10) + "\1" + size + std::string(1, '\0') + complement + picture +
           "\xf6\x01\x23\xeb" + size + std::string(3, '\0');
  }
  if (coding == "br") return std::string("\xd0\x00\x10", 3) + picture + "\x03";  // RFC 7932, 9.2
  if (coding == "zstd") {                                                        // RFC 8878, 3.1.1
    return "\x28\xb5\x2f\xfd\x20" + size + static_cast<char>(picture.size() << 3U | 1U) + std::string(2, '\0') + picture;
  }
  return picture;
}

bool libcurl_decodes(const std::string& coding) {
  const int features = curl_version_info(CURLVERSION_NOW)->features;
  if (coding == "br") return (features & CURL_VERSION_BROTLI) != 0;
  if (coding == "zstd") return (features & CURL_VERSION_ZSTD) != 0;
  return true;
}

}  // namespace

TEST_CASE("a picture that comes compressed is decoded") {
  const std::string coding = GENERATE("gzip", "br", "zstd", "identity", "none");
  INFO(coding);
  if (!libcurl_decodes(coding)) return;
  const ScriptedServer server([&](const Request&) -> Reply {
    return {ScriptedServer::answer("200 OK", "Content-Encoding: " + coding + "\r\n", coded(coding))};
  });
  Fetching fetching;
  const Fetched fetched = fetching.fetch(server.url("/x"));
  REQUIRE_FALSE(fetched.failure.has_value());
  CHECK(fetching.stored(fetched.fetch.path()) == ScriptedServer::tiny_gif);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a picture in a coding that it is not in, or that nobody knows, is taken as it is") {
  const std::string coding = GENERATE("gzip", "br", "zstd", "utf-8", "image/gif", "compress");
  INFO(coding);
  const ScriptedServer server([&](const Request&) -> Reply {
    return {ScriptedServer::answer("200 OK", "Content-Encoding: " + coding + "\r\n", ScriptedServer::tiny_gif)};
  });
  Fetching fetching;
  const Fetched fetched = fetching.fetch(server.url("/x"));
  REQUIRE_FALSE(fetched.failure.has_value());
  CHECK(fetching.stored(fetched.fetch.path()) == ScriptedServer::tiny_gif);
}

TEST_CASE("what cannot be decoded says in which coding it is") {
  const ScriptedServer server([](const Request&) -> Reply {
    return {ScriptedServer::answer("200 OK", "Content-Encoding: compress\r\n", "\x1f\x9d\x90 these bytes are compressed")};
  });
  const Fetched fetched = Fetching().fetch(server.url("/x"));
  REQUIRE(fetched.failure.has_value());
  CHECK(fetched.failure->reason.text() == "not-an-image");
  CHECK(fetched.failure->detail.find("Content-Encoding: compress") != std::string::npos);
}

TEST_CASE("no coding is decoded within another") {
  const std::string fields = GENERATE("Content-Encoding: gzip, gzip\r\n", "Content-Encoding: gzip\r\nContent-Encoding: br\r\n");
  const ScriptedServer server(
      [&](const Request&) -> Reply { return {ScriptedServer::answer("200 OK", fields, coded("gzip"))}; });
  CHECK(Fetching().reason(server.url("/x")) == "not-an-image");
  CHECK(server.requests().size() == 1);
}

TEST_CASE("what is decoded counts as the size of a picture") {
  // A frame of zstd with blocks of 128 KiB, each of one byte that is repeated (RFC 8878, 3.1.1.2.2): 4 bytes.
  std::string bomb("\x28\xb5\x2f\xfd\x00\x58", 6);
  std::string start("\x51\x00\x00\xff\xd8\xff\xe0\0\0\0\0\0\0", 13);  // a raw block of 10 bytes
  start[0] = 10 << 3;
  bomb += start;
  for (int i = 0; i < 64; ++i) bomb += std::string("\x02\x00\x10\x00", 4);
  const ScriptedServer server(
      [&](const Request&) -> Reply { return {ScriptedServer::answer("200 OK", "Content-Encoding: zstd\r\n", bomb)}; });
  if (!libcurl_decodes("zstd")) return;
  TransferLimits limits = local_limits();
  limits.max_bytes = 4 << 20;
  CHECK(Fetching(limits).reason(server.url("/x")) == "too-large");
  limits.max_bytes = 16 << 20;
  CHECK(Fetching(limits).reason(server.url("/x")) == "done");
}

TEST_CASE("many that decode to much share the memory for that") {
  if (!libcurl_decodes("zstd")) return;
  std::string bomb("\x28\xb5\x2f\xfd\x00\x58", 6);
  bomb += std::string("\x50\x00\x00\xff\xd8\xff\xe0\0\0\0\0\0\0", 13);
  for (int i = 0; i < 96; ++i) bomb += std::string("\x02\x00\x10\x00", 4);
  // Each is sent but for its end, so that all are decoded at once.
  const ScriptedServer server([&](const Request&) -> Reply {
    return {"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: " + std::to_string(bomb.size() + 1) + "\r\n\r\n" +
            bomb};
  });
  Fetching fetching;
  for (int i = 0; i < 4; ++i) fetching.begin(server.url("/" + std::to_string(i)), "name" + std::to_string(i));
  for (int i = 0; i < 3; ++i) {  // the fourth waits for its end
    const Failure failure = fetching.end().failure.value();
    CHECK(failure.reason == Reason::too_large);
    CHECK(failure.transient);
  }
}
