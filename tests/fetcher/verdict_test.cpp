#include "fetcher/verdict.h"

#include "tests/catch.h"

using namespace thumbline;
using std::chrono::milliseconds;

namespace {

TransferEnd answered(long status, const std::string& host = "a.example") {
  TransferEnd end;
  end.status = status;
  end.host = host;
  end.url = "https://" + host + "/x.jpg";
  end.connected = true;
  return end;
}

TransferEnd broken(CURLcode code) {
  TransferEnd end = answered(0);
  end.code = code;
  return end;
}

}  // namespace

TEST_CASE("a whole picture is no failure") {
  CHECK_FALSE(judge(answered(200)).has_value());
  CHECK_FALSE(judge(answered(203)).has_value());
}

TEST_CASE("each way in which a transfer breaks has its reason, and says whether to try again") {
  struct Row {
    CURLcode code;
    const char* reason;
    bool transient;
  };
  for (const Row& row : {
           Row{CURLE_COULDNT_RESOLVE_HOST, "dns", true},
           Row{CURLE_COULDNT_CONNECT, "connect", true},
           Row{CURLE_OPERATION_TIMEDOUT, "timeout", true},
           Row{CURLE_SSL_CONNECT_ERROR, "tls", true},
           Row{CURLE_PEER_FAILED_VERIFICATION, "tls", false},
           Row{CURLE_SSL_INVALIDCERTSTATUS, "tls", false},
           Row{CURLE_GOT_NOTHING, "reset", true},
           Row{CURLE_SEND_ERROR, "reset", true},
           Row{CURLE_RECV_ERROR, "reset", true},
           Row{CURLE_HTTP2, "reset", true},
           Row{CURLE_HTTP2_STREAM, "reset", true},
           Row{CURLE_WEIRD_SERVER_REPLY, "reset", true},
           Row{CURLE_PARTIAL_FILE, "truncated", true},
           Row{CURLE_FILESIZE_EXCEEDED, "too-large", false},
           Row{CURLE_BAD_CONTENT_ENCODING, "not-an-image", false},
           Row{CURLE_URL_MALFORMAT, "bad-link", false},
           Row{CURLE_LOGIN_DENIED, "bad-link", false},
       }) {
    INFO(row.code << " " << curl_easy_strerror(row.code));
    const auto failure = judge(broken(row.code));
    REQUIRE(failure.has_value());
    CHECK(failure->reason.text() == row.reason);
    CHECK(failure->transient == row.transient);
    CHECK_FALSE(failure->detail.empty());
  }
}

TEST_CASE("the details name the host and what happened") {
  TransferEnd end = broken(CURLE_RECV_ERROR);
  end.error = "Recv failure: Connection reset by peer\x1b";
  end.bytes = 17;
  const auto failure = judge(end);
  CHECK(failure->detail == "a.example: Recv failure: Connection reset by peer? (after 17 bytes)");
}

TEST_CASE("statuses become reasons") {
  struct Row {
    long status;
    const char* reason;
    bool transient;
  };
  for (const Row& row : {Row{404, "http-404", false}, Row{410, "http-410", false}, Row{403, "http-403", false},
                         Row{304, "http-304", false}, Row{206, "http-206", false}, Row{408, "http-408", true},
                         Row{500, "http-500", true}, Row{503, "http-503", true}, Row{429, "rate-limited", true}}) {
    INFO(row.status);
    const auto failure = judge(answered(row.status));
    REQUIRE(failure.has_value());
    CHECK(failure->reason.text() == row.reason);
    CHECK(failure->transient == row.transient);
  }
}

TEST_CASE("an error's status counts, however its body ended") {
  TransferEnd end = answered(404);
  end.code = GENERATE(CURLE_WRITE_ERROR, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_FILESIZE_EXCEEDED);
  CHECK(judge(end)->reason == Reason::http_status(404));
}

TEST_CASE("a redirect that leads nowhere is the failure of where it leads") {
  TransferEnd end = answered(302);
  end.redirects = 1;
  end.code = CURLE_COULDNT_CONNECT;
  CHECK(judge(end)->reason == Reason::connect);
}

TEST_CASE("Retry-After is kept within sense") {
  struct Row {
    std::chrono::seconds said;
    milliseconds kept;
  };
  for (const long status : {429L, 503L}) {
    for (const Row& row : {Row{std::chrono::seconds(-5), milliseconds(0)}, Row{std::chrono::seconds(0), milliseconds(0)},
                           Row{std::chrono::seconds(7), milliseconds(7000)},
                           Row{std::chrono::seconds(1'000'000'000), milliseconds(3'600'000)}}) {
      TransferEnd end = answered(status);
      end.retry_after = row.said;
      CHECK(judge(end)->retry_after == row.kept);
    }
  }
}

TEST_CASE("a server that wants to be asked again years from now is not asked again") {
  const long status = GENERATE(429L, 503L);
  TransferEnd end = answered(status);
  end.retry_after = longest_retry_after;
  CHECK(judge(end)->transient);
  end.retry_after += std::chrono::seconds(1);
  CHECK_FALSE(judge(end)->transient);
  end.retry_after = std::chrono::seconds::max();
  CHECK_FALSE(judge(end)->transient);
  end.retry_after = std::chrono::seconds::min();
  CHECK(judge(end)->transient);
}

TEST_CASE("Imgur's 403 is a request for patience, another's a refusal") {
  CHECK(judge(answered(403, "i.imgur.com"))->reason == Reason::rate_limited);
  CHECK(judge(answered(403, "imgur.com"))->transient);
  CHECK(judge(answered(403, "notimgur.com"))->reason == Reason::http_status(403));
  TransferEnd end = answered(403);
  end.body_start = R"({"data":{"error":"Imgur is temporarily Over Capacity. Please try again later."}})";
  CHECK(judge(end)->reason == Reason::rate_limited);
}

TEST_CASE("Imgur's notice that a picture was removed is not that picture") {
  TransferEnd end = answered(200, "i.imgur.com");
  end.redirects = 1;
  end.url = "https://i.imgur.com/removed.png?x=1";
  CHECK(judge(end)->reason == Reason::removed);
  CHECK_FALSE(judge(end)->transient);
  end.redirects = 0;
  CHECK_FALSE(judge(end).has_value());
  end.redirects = 1;
  end.url = "https://i.imgur.com/not-removed.png/x.png";
  CHECK_FALSE(judge(end).has_value());
}

TEST_CASE("a refused address is the reason, whatever libcurl makes of it") {
  TransferEnd end = broken(GENERATE(CURLE_COULDNT_CONNECT, CURLE_ABORTED_BY_CALLBACK));
  end.refused_address = "10.0.0.7";
  const auto failure = judge(end);
  CHECK(failure->reason == Reason::refused_address);
  CHECK(failure->detail.find("10.0.0.7") != std::string::npos);
  CHECK(failure->detail.find("--allow-private") != std::string::npos);

  SECTION("unless another address of the host served") {
    end.code = CURLE_OK;
    end.status = 200;
    CHECK_FALSE(judge(end).has_value());
  }
}

TEST_CASE("schemes that are not followed are bad links, garbage instead of HTTP is not") {
  TransferEnd end = broken(CURLE_UNSUPPORTED_PROTOCOL);
  end.error = "Protocol \"ftp\" not supported or disabled in libcurl";
  CHECK(judge(end)->reason == Reason::bad_link);
  end.status = 302;
  end.redirects = 1;
  CHECK(judge(end)->reason == Reason::http_status(302));
  end.error = "Received HTTP/0.9 when not allowed";
  CHECK(judge(end)->reason == Reason::reset);
  CHECK(judge(end)->transient);
  end.status = 0;
  end.redirects = 0;
  for (const bool connected : {true, false}) {  // libcurl does not say so of a kept connection
    end.connected = connected;
    CHECK(judge(end)->reason == Reason::reset);
  }
}

TEST_CASE("what the body's reader says goes before what libcurl makes of it") {
  TransferEnd end = answered(200);
  end.code = CURLE_WRITE_ERROR;
  end.body_failure = Failure(Reason::disk_full, "cannot write /x: no space left");
  CHECK(judge(end)->reason == Reason::disk_full);
  CHECK(judge(end)->detail == "cannot write /x: no space left");
}

TEST_CASE("what libcurl does not take behind a redirect is that answer") {
  TransferEnd end = broken(GENERATE(CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED));
  CHECK(judge(end)->reason == Reason::bad_link);
  end.redirects = 1;
  end.status = 301;
  CHECK(judge(end)->reason == Reason::http_status(301));
}

TEST_CASE("names that are not resolved in time are no slow host, in whatever words") {
  TransferEnd end = broken(CURLE_OPERATION_TIMEDOUT);
  end.connected = false;
  for (const char* words : {"Resolving timed out after 10000 milliseconds", "Could not resolve host: a.example",
                            "Could not resolve host: a.example (Timeout while contacting DNS servers)"}) {
    end.error = words;
    CHECK(judge(end)->reason == Reason::dns);
  }
  end.error = "Connection timed out after 10000 milliseconds";
  CHECK(judge(end)->reason == Reason::timeout);
}

TEST_CASE("a part is a picture where it is the whole of it") {
  CHECK(brings_picture(200, ""));
  CHECK(brings_picture(206, "bytes 0-99/100"));
  CHECK(brings_picture(206, "bytes 0-0/1"));
  for (const char* range : {"", "bytes 0-98/100", "bytes 1-99/100", "bytes 0-99/*", "bytes 0-/100", "bytes 0-99", "bytes */100",
                            "bytes 0-99/100x", "bytes 0--1/0", "bytes 0-18446744073709551615/0", "0-99/100"}) {
    INFO(range);
    CHECK_FALSE(brings_picture(206, range));
  }
  CHECK_FALSE(brings_picture(404, "bytes 0-99/100"));
}

TEST_CASE("a proxy that gives no tunnel says nothing of the host's answer") {
  TransferEnd end = broken(CURLE_RECV_ERROR);
  end.status = 0;
  end.proxy_status = 407;
  CHECK(judge(end)->reason == Reason::connect);
  CHECK_FALSE(judge(end)->transient);
  CHECK(judge(end)->detail == "the proxy answered 407 when asked for a tunnel to a.example");
  end.proxy_status = 503;
  CHECK(judge(end)->transient);
}

TEST_CASE("a certificate that does not do is told in few words") {
  TransferEnd end = broken(CURLE_PEER_FAILED_VERIFICATION);
  end.error = "SSL: no alternative certificate subject name matches target host name 'a.example'";
  CHECK(judge(end)->detail == "a.example: its certificate is for another host");
  end.error = "SSL certificate problem: unable to get local issuer certificate";
  CHECK(judge(end)->detail == "a.example: " + end.error + " (--ca-file names whom to trust)");
  end.error = "SSL certificate problem: certificate has expired";
  CHECK(judge(end)->detail == "a.example: " + end.error);
  CHECK(judge(end)->reason == Reason::tls);
}
