#include "fetcher/redirect.h"

#include "tests/catch.h"

using namespace thumbline;

namespace {

std::string target(const std::string& location, const std::string& url = "https://a.example/b/c.jpg?d#e") {
  const auto found = redirect_target(302, url, location);
  if (found) return *found;
  CHECK(found.error().reason == Reason::http_status(302));
  CHECK_FALSE(found.error().transient);
  return found.error().detail;
}

}  // namespace

TEST_CASE("a Location is relative to the URL that it answers") {
  CHECK(target("http://b.example:8080/x") == "http://b.example:8080/x");
  CHECK(target("//b.example/x") == "https://b.example/x");
  CHECK(target("/x/../y") == "https://a.example/y");
  CHECK(target("x.jpg") == "https://a.example/b/x.jpg");
  CHECK(target("../x.jpg") == "https://a.example/x.jpg");
  CHECK(target("?q") == "https://a.example/b/c.jpg?q");
}

TEST_CASE("what HTTP does not carry in a Location is encoded") {
  CHECK(target("/a b\xc3\xa4\t") == "https://a.example/a%20b%C3%A4%09");
  CHECK(target("a b.jpg") == "https://a.example/b/a%20b.jpg");
  CHECK(target("/x?u=http://b.example/ c") == "https://a.example/x?u=http://b.example/%20c");
  CHECK(target("/a%20b") == "https://a.example/a%20b");
}

TEST_CASE("a Location that cannot be followed says why") {
  CHECK(target("ftp://b.example/x") == "a.example redirects to something other than http and https: ftp://b.example/x");
  CHECK(target("file:///etc/passwd") == "a.example redirects to something other than http and https: file:///etc/passwd");
  CHECK(target("http://user:secret@b.example/") == "a.example redirects to a URL with a user name or a password in it");
  CHECK(target("http://") == "a.example redirects to what is no link: http://");
  CHECK(target("http://a b/") == "a.example redirects to what is no link: http://a b/");
  CHECK(target("data:image/png;base64,AAAA").starts_with("a.example redirects to "));
}

TEST_CASE("some of the 300s are no redirects") {
  for (const long status : {300L, 301L, 302L, 303L, 307L, 308L}) CHECK(is_redirect(status));
  for (const long status : {0L, 200L, 299L, 304L, 305L, 306L, 309L, 400L}) CHECK_FALSE(is_redirect(status));
}
