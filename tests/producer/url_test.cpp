#include "producer/url.h"

#include "tests/catch.h"

using namespace thumbline;

namespace {
std::string normal(std::string_view text) {
  const auto url = read_url(text);
  return url ? normal_form(*url) : "failed: " + url.error().detail;
}
}  // namespace

TEST_CASE("URLs that mean the same have one normal form") {
  for (const char* same : {"https://h.example/a/b.jpg", "HTTPS://H.Example/a/b.jpg", "https://h.example:443/a/b.jpg",
                           "https://h.example:0443/a/b.jpg", "https://h.example:/a/b.jpg", "https://h.example/a/b.jpg?",
                           "https://h.example/a/b.jpg#top", "https://h.example/./a/./b.jpg",
                           "https://h.example/../a/x/../b.jpg", "https://h.example/%61/%2e/b%2Ejpg"}) {
    INFO(same);
    CHECK(normal(same) == "https://h.example/a/b.jpg");
  }
  CHECK(normal("http://h:80") == "http://h/");
  CHECK(normal("http://h?q") == "http://h/?q");
  CHECK(normal("http://h/a/..") == "http://h/");
  CHECK(normal("http://h/a/b/..") == "http://h/a/");
  CHECK(normal("http://h/a/.") == "http://h/a/");
  CHECK(normal("http://[2A04::1]:80/a") == "http://[2a04::1]/a");
}

TEST_CASE("what may mean something else stays") {
  for (const char* url :
       {"http://h:443/a", "https://h:80/a", "http://h/a//b", "http://h/A.JPG", "http://h/a%2Fb", "http://h/a?x=%2B+",
        "http://h/a?x=./../y", "http://h/a%", "http://h/a%4", "http://h/a%zz?%", "http://h/a..b/.c", "http://h/a/",
        "http://h/;v=1,2/(a)!$&'*+=:@", "http://h/a?b?c/d", "http://[::1]:8080/a"}) {
    INFO(url);
    CHECK(normal(url) == url);
  }
}

TEST_CASE("octets are encoded where they have to be, in upper case") {
  CHECK(normal("http://h/a b[c]|\"<>\\^`{}.jpg?q=[a b]") ==
        "http://h/a%20b%5Bc%5D%7C%22%3C%3E%5C%5E%60%7B%7D.jpg?q=%5Ba%20b%5D");
  CHECK(normal("http://h/\xc3\xa4%c3%a4\xff") == "http://h/%C3%A4%C3%A4%FF");
  CHECK(normal("http://h/%7ea%5F%2d") == "http://h/~a_-");
}

TEST_CASE("the text of a URL is what was written, behind scheme and host") {
  const auto url = read_url("HTTP://H.Example:80/./a b%7e.jpg?#x");
  REQUIRE(url);
  CHECK(text_of(*url) == "http://h.example/./a b%7e.jpg?");
  CHECK(text_of(*read_url("https://h:8443")) == "https://h:8443");
}

TEST_CASE("what libcurl would not request, and what has credentials, is no URL") {
  for (const char* text : {"http://", "http:///a", "http://:/a", "http://:80", "http://h\xe2\x80\x80:80", "http://h:99999/a",
                           "http://h:x/a", "http://h h/a", "http://h\\a/b", "http://[::1/a", "http://user@h/a",
                           "http://user:secret@h/a", "http://@h/a", "ftp://h/a", "h/a", ""}) {
    INFO(text);
    const auto url = read_url(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().reason == Reason::bad_link);
  }
  CHECK(read_url("http://h/@a?b@c"));
}
