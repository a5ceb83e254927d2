#include "fetcher/request_url.h"

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("a link that HTTP can carry stays as it is") {
  for (const char* link : {"http://a.example/x.jpg", "https://a.example:8443/a%20b.png?x=1&y=%C3%A4#part",
                           "https://i.imgur.com/aBc1234.jpg", "http://[2a04::1]/x"}) {
    CHECK(request_url(link) == link);
  }
}

TEST_CASE("what HTTP cannot carry is percent-encoded behind the host") {
  CHECK(request_url("http://a.example/a b\tc.jpg") == "http://a.example/a%20b%09c.jpg");
  CHECK(request_url("http://a.example/\xc3\xa4.jpg?q=\xff") == "http://a.example/%C3%A4.jpg?q=%FF");
  CHECK(request_url("http://a.example?q=a b") == "http://a.example?q=a%20b");
  CHECK(request_url("http://b\xc3\xbc"
                    "cher.example/\xc3\xa4") ==
        "http://b\xc3\xbc"
        "cher.example/%C3%A4");
}

TEST_CASE("what a URL cannot have is percent-encoded, and what has a meaning in it stays") {
  CHECK(request_url("http://a.example/\"[a]|{b}<c>^`\\.jpg?q[]=\"") ==
        "http://a.example/%22%5Ba%5D%7C%7Bb%7D%3Cc%3E%5E%60%5C.jpg?q%5B%5D=%22");
  const std::string all = "http://[::1]/a-._~!$&'()*+,;=:@%20/b?c=d?&e";
  CHECK(request_url(all) == all);
}

TEST_CASE("the host of a link with spaces is read as well") {
  CHECK(host_and_port_of("https://a.example/my cat.jpg") == "a.example:443");
}

TEST_CASE("the host is read as libcurl reads it") {
  CHECK(host_of("https://I.Imgur.COM:443/x.jpg") == "i.imgur.com");
  CHECK(host_of("http://somebody@a.example/") == "a.example");
  CHECK(host_of("http://0x7f.1/") == "127.0.0.1");
  CHECK(host_of("http://").empty());
  CHECK(host_and_port_of("https://I.Imgur.COM/x.jpg") == "i.imgur.com:443");
  CHECK(host_and_port_of("http://a.example:8080/x.jpg") == "a.example:8080");
}

TEST_CASE("a host that is an address is told from a name") {
  for (const char* url : {"http://127.0.0.1/", "http://0x7f.1:8080/", "https://[2a04::1]/", "https://[2a04::1]:444/"}) {
    CHECK(is_literal_address(host_and_port_of(url)));
  }
  for (const char* url : {"http://a.example/", "http://localhost:80/", "http://1.2.3.example/", "http://"}) {
    CHECK_FALSE(is_literal_address(host_and_port_of(url)));
  }
}
