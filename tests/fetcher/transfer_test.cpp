#include "fetcher/transfer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "tests/fetcher/fetching.h"

using namespace thumbline;
using namespace thumbline::test;

namespace {

/// A port of 127.0.0.1 that can tell whether anybody came.
class Canary {
 public:
  Canary() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), length) != 0 || ::listen(fd_, 16) != 0 ||
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::runtime_error("no canary");
    }
    port_ = std::to_string(ntohs(address.sin_port));
  }
  ~Canary() { ::close(fd_); }
  Canary(const Canary&) = delete;
  Canary& operator=(const Canary&) = delete;

  [[nodiscard]] const std::string& port() const { return port_; }
  /// Waits for a visitor, says this and hangs up.
  void answer(const std::string& words) const {
    const int visitor = welcome();
    const bool said = ::write(visitor, words.data(), words.size()) == static_cast<ssize_t>(words.size());
    ::shutdown(visitor, SHUT_WR);
    std::array<char, 4096> heard{};
    while (::read(visitor, heard.data(), heard.size()) > 0) {  // else the words are lost with a reset
    }
    ::close(visitor);
    if (!said) throw std::runtime_error("the visitor does not listen");
  }
  /// Waits for a visitor, hears the request, says this, and then that again and again until the visitor hangs up.
  void flood(const std::string& words, const std::string& more) const {
    const int visitor = welcome();
    std::array<char, 4096> heard{};
    while (::read(visitor, heard.data(), heard.size()) < 0 && errno == EAGAIN) {
    }
    std::string piece = words;
    while (::send(visitor, piece.data(), piece.size(), MSG_NOSIGNAL) >= 0) {
      if (piece.size() == words.size()) piece.clear();
      while (piece.size() < 65536) piece += more;
    }
    ::close(visitor);
  }
  [[nodiscard]] bool was_visited() const {
    const int visitor = ::accept(fd_, nullptr, nullptr);
    if (visitor >= 0) ::close(visitor);
    return visitor >= 0;
  }

 private:
  [[nodiscard]] int welcome() const {
    pollfd item{fd_, POLLIN, 0};
    if (::poll(&item, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) <= 0)
      throw std::runtime_error("nobody came");
    return ::accept(fd_, nullptr, nullptr);
  }

  int fd_;
  std::string port_;
};

}  // namespace

TEST_CASE("a picture arrives byte by byte as it is, with the extension of its bytes") {
  const Gallery gallery(700);
  Fetching fetching;
  for (const std::string extension : {"jpg", "png"}) {
    const std::string name = gallery.names(extension).front();
    const std::string wrong = std::filesystem::path(name).stem().string() + (extension == "jpg" ? ".png" : ".jpg");
    const std::string given = "picture-" + extension;
    const Fetched fetched = fetching.fetch(gallery.url("/" + wrong), given);
    REQUIRE_FALSE(fetched.failure.has_value());
    CHECK(fetched.fetch.path() == std::string("images/").append(given).append(1, '.').append(extension));
    CHECK(fetching.stored(fetched.fetch.path()) == gallery.bytes(name));
    CHECK(fetched.fetch.bytes() == gallery.bytes(name).size());
    CHECK(fetched.fetch.http_status() == 200);
    CHECK(fetched.fetch.first_byte_us() > 0);
    CHECK(fetched.fetch.duration_us() >= fetched.fetch.first_byte_us());
  }
  CHECK(fetching.partial_files() == 0);
}

TEST_CASE("the next picture of a host comes over the connection that is there") {
  const Gallery gallery;
  Fetching fetching;
  const std::string url = gallery.url("/" + gallery.names("png").front());
  CHECK(fetching.fetch(url).fetch.connect_us() > 0);
  CHECK(fetching.fetch(url).fetch.connect_us() == 0);
  CHECK(fetching.reason(gallery.url("/fault/status/404/x")) == "http-404");
  CHECK(fetching.fetch(url).fetch.connect_us() == 0);
}

TEST_CASE("what a server may do wrong is told apart") {
  const Gallery gallery;
  TransferLimits limits = local_limits();
  limits.max_bytes = 1 << 20;
  Fetching fetching(limits);
  const auto reason = [&](const std::string& fault) { return fetching.reason(gallery.url("/fault/" + fault)); };
  CHECK(reason("status/404/x.jpg") == "http-404");
  CHECK(reason("status/500/x.jpg") == "http-500");
  CHECK(reason("status/204/x.jpg") == "not-an-image");
  CHECK(reason("html/x.jpg") == "not-an-image");
  CHECK(reason("empty/x.jpg") == "not-an-image");
  CHECK(reason("cut/100/x.jpg") == "truncated");
  CHECK(reason("wrong-length/x.jpg") == "truncated");
  CHECK(reason("reset/100/x.jpg") == "reset");
  CHECK(reason("endless/x.jpg") == "too-large");
  CHECK(reason("huge/1048577/x.jpg") == "too-large");
  CHECK(reason("huge/1048576/x.jpg") == "done");
  CHECK(reason("redirect/10/x.jpg") == "done");
  CHECK(reason("redirect/11/x.jpg") == "too-many-redirects");
  CHECK(reason("redirect-loop/x.jpg") == "too-many-redirects");
  CHECK(reason("wrong-type/x.jpg") == "done");
  CHECK(reason("gif/x.jpg") == "done");
  CHECK(fetching.partial_files() == 0);
}

TEST_CASE("a picture that Imgur removed is not taken for the notice that says so") {
  const Gallery gallery;
  Fetching fetching;
  CHECK(fetching.reason(gallery.url("/fault/redirect-to/%2Fremoved.png")) == "removed");
  CHECK(fetching.reason(gallery.url("/removed.png")) == "done");
}

TEST_CASE("who asks for patience is heard") {
  const Gallery gallery;
  Fetching fetching;
  const Fetched limited = fetching.fetch(gallery.url("/fault/429/1/7/x.jpg"));
  REQUIRE(limited.failure.has_value());
  CHECK(limited.failure->reason == Reason::rate_limited);
  CHECK(limited.failure->retry_after == std::chrono::seconds(7));
  const Fetched busy = fetching.fetch(gallery.url("/fault/503/1/100000/x.jpg"));
  REQUIRE(busy.failure.has_value());
  CHECK(busy.failure->reason == Reason::http_status(503));
  CHECK(busy.failure->retry_after == std::chrono::hours(1));
  CHECK(fetching.reason(gallery.url("/fault/429/1/7/x.jpg")) == "done");
}

TEST_CASE("who does not answer is given up") {
  const Gallery gallery;
  SECTION("in all") {
    TransferLimits limits = local_limits();
    limits.whole = std::chrono::milliseconds(300);
    CHECK(Fetching(limits).reason(gallery.url("/fault/hang/x.jpg")) == "timeout");
  }
  SECTION("when nothing comes for long") {
    TransferLimits limits = local_limits();
    limits.stalled = std::chrono::seconds(1);
    CHECK(Fetching(limits).reason(gallery.url("/fault/hang/x.jpg")) == "timeout");
  }
}

TEST_CASE("a server that hangs does not hold up the next transfer") {
  const Gallery gallery;
  Fetching fetching;
  fetching.begin(gallery.url("/fault/hang/x.jpg"));
  CHECK(fetching.reason(gallery.url("/" + gallery.names("jpg").front())) == "done");
}

TEST_CASE("nobody there, no such name, no HTTP: told apart") {
  Fetching fetching;
  std::string unused;
  {
    const Canary gone;
    unused = gone.port();
  }
  CHECK(fetching.reason("http://127.0.0.1:" + unused + "/x.jpg") == "connect");
  CHECK(fetching.reason("http://nobody.invalid/x.jpg") == "dns");
  const Canary canary;
  for (const auto& [scheme, reason] : {std::pair("http", "reset"), std::pair("https", "tls")}) {
    fetching.begin(scheme + ("://127.0.0.1:" + canary.port()) + "/x.jpg");
    canary.answer("220 mail.example speaks another language\r\n");
    const Fetched fetched = fetching.end();
    REQUIRE(fetched.failure.has_value());
    CHECK(fetched.failure->reason.text() == reason);
    CHECK(fetched.failure->transient);
  }
}

TEST_CASE("no transfer coding but chunks is taken") {
  Fetching fetching;
  const Canary server;
  const std::string picture("GIF89a\1\0\1\0\0\0\0;", 14);
  const auto became = [&](const std::string& fields) {
    fetching.begin("http://127.0.0.1:" + server.port() + "/x.gif");
    server.answer("HTTP/1.1 200 OK\r\nConnection: close\r\n" + fields + "\r\n" +
                  (fields.find("hunked") == std::string::npos ? picture : "e\r\n" + picture + "\r\n0\r\n\r\n"));
    const Fetched fetched = fetching.end();
    return fetched.failure ? fetched.failure->reason.text() + (fetched.failure->transient ? ", again" : "") : "done";
  };
  CHECK(became("") == "done");
  CHECK(became("Transfer-Encoding: Chunked\r\n") == "done");
  CHECK(became("Transfer-Encoding: identity\r\n") == "done");
  for (const std::string coding : {"gzip", "gzip, gzip, gzip, gzip, chunked", "chunked, zstd", "br", "deflate"}) {
    INFO(coding);
    CHECK(became("Transfer-Encoding: " + coding + "\r\n") == "not-an-image");
    CHECK(became("tRANSFER-eNCODING:" + coding + "\r\n") == "not-an-image");
  }
}

TEST_CASE("all that comes counts, whatever libcurl makes of it") {
  TransferLimits limits = local_limits();
  limits.max_bytes = 1 << 20;
  Fetching fetching(limits);
  const Canary server;
  const auto became = [&](const std::string& words, const std::string& more) {
    fetching.begin("http://127.0.0.1:" + server.port() + "/x.gif");
    server.flood(words, more);
    return fetching.end().failure.value().reason.text();
  };
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string chunks = ok + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string padding(1000, 'x');
  CHECK(became(ok, "X-More: " + padding + "\r\n") == "too-large");
  CHECK(became(ok, "X:\r\n") == "too-large");
  CHECK(became(ok + "X: ", padding) == "too-large");
  CHECK(became("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n") == "too-large");
  CHECK(became(chunks + "6\r\n\xff\xd8\xff\xe0\1\1\r\n0\r\n", "X:\r\n") == "too-large");
  CHECK(became(chunks + "6;", padding) == "too-large");
  CHECK(became(chunks, "1;" + padding + "\r\n \r\n") == "not-an-image");
  CHECK(became(chunks + "6\r\n\xff\xd8\xff\xe0\1\1\r\n", "1;" + padding + "\r\n \r\n") == "too-large");
  CHECK(became(ok + "\r\n\xff\xd8\xff\xe0\1\1", padding) == "too-large");
  CHECK(became("HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 999999999\r\n\r\n", padding) == "too-large");
  CHECK(became("HTTP/1.1 302 Found\r\nLocation: /y\r\nTransfer-Encoding: chunked\r\n\r\n", "6\r\n\xff\xd8\xff\xe0\1\1\r\n") ==
        "too-large");
  CHECK(became("HTTP/1.1 404 Not Found\r\n\r\n", padding) == "http-404");
  CHECK(fetching.partial_files() == 0);
}

TEST_CASE("what is no part of a picture is bounded, however large a picture may be") {
  TransferLimits limits = local_limits();
  limits.max_bytes = std::uint64_t{1} << 40;
  Fetching fetching(limits);
  const Canary server;
  fetching.begin("http://127.0.0.1:" + server.port() + "/x.jpg");
  server.flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n\xff\xd8\xff\xe0\1\1\r\n6;", std::string(1000, 'x'));
  CHECK(fetching.end().failure.value().reason.text() == "too-large");
}

TEST_CASE("links that are none are refused, and redirects to such links") {
  const Canary canary;
  const Gallery gallery;
  Fetching fetching;
  const std::string at_canary = "127.0.0.1:" + canary.port() + "/x.jpg";
  const std::vector<std::string> links{"ftp://" + at_canary,
                                       "file:///etc/passwd",
                                       "gopher://" + at_canary,
                                       "http://user:secret@" + at_canary,
                                       "http://user@" + at_canary,
                                       "http://",
                                       "http://a b/"};
  for (const std::string& link : links) CHECK(fetching.reason(link) == "bad-link");
  const std::vector<std::string> targets{"ftp:%2F%2F" + at_canary, "file:%2F%2F%2Fetc%2Fpasswd",
                                         "http:%2F%2Fuser:secret%40" + at_canary};
  for (const std::string& target : targets) CHECK(fetching.reason(gallery.url("/fault/redirect-to/" + target)) == "http-302");
  CHECK_FALSE(canary.was_visited());
}

TEST_CASE("nobody is led to addresses that are not the open internet's") {
  const Canary canary;
  Fetching fetching{TransferLimits{}};
  for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433", "0177.0.0.1", "0",
                                 "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "10.0.0.1", "169.254.169.254"}) {
    CHECK(fetching.reason("http://" + host + ":" + canary.port() + "/x.jpg") == "refused-address");
  }
  CHECK_FALSE(canary.was_visited());
}

TEST_CASE("libcurl does not look for proxies by itself") {
  const Canary canary;
  const Gallery gallery;
  const std::string proxy = "http://127.0.0.1:" + canary.port();
  REQUIRE(::setenv("http_proxy", proxy.c_str(), 1) == 0);
  REQUIRE(::setenv("ALL_PROXY", proxy.c_str(), 1) == 0);
  CHECK(Fetching().reason(gallery.url("/" + gallery.names("jpg").front())) == "done");
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  CHECK_FALSE(canary.was_visited());
}

TEST_CASE("a lane that ends leaves nothing half done behind") {
  const Gallery gallery;
  TransferLimits limits = local_limits();
  limits.max_bytes = std::uint64_t{1} << 40U;
  Fetching fetching(limits);
  fetching.begin(gallery.url("/fault/endless/x.jpg"));
  const Moment give_up = now() + patience;
  while (fetching.partial_files() == 0) {
    REQUIRE(now() < give_up);
    ::poll(nullptr, 0, 1);
  }
  fetching.stop();
  CHECK(fetching.partial_files() == 0);
}
