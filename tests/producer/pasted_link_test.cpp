#include "producer/pasted_link.h"

#include "tests/catch.h"

using namespace thumbline;

namespace {
std::string pasted(std::string_view text) {
  const auto link = read_pasted_link(text);
  return link ? *link : "failed: " + link.error().detail;
}
}  // namespace

TEST_CASE("what is around a pasted link is taken away") {
  const std::string link = "https://h/a.jpg";
  for (const std::string& text :
       {link, "<" + link + ">", "\"" + link + "\"", "'" + link + "'", "`" + link + "`", "\xe2\x80\x9c" + link + "\xe2\x80\x9d",
        link + ",", "\"" + link + "\",", "\"" + link + ",\"", " " + link + "\t", "\xc2\xa0" + link + "\xc2\xa0",
        "\xe2\x80\x8b" + link, link + "\xe2\x80\x8b", "<\xe2\x80\x8d" + link + "\xe3\x80\x80>", "\xef\xbb\xbf" + link,
        std::string("https://h/\xe2\x80\x8b") + "a.jpg", link + "#top", "<" + link + "#a,b>", link + ",#top"}) {
    INFO(text);
    CHECK(pasted(text) == link);
  }
}

TEST_CASE("what may belong to a link stays") {
  for (const std::string text : {"https://h/a,b.jpg", "https://h/\"a\"", "https://h/a'", "https://h/a>", "https://h/(a)",
                                 "https://h/a b.jpg", "https://h/\xc2\xa0.jpg", "https://h/a;"}) {
    INFO(text);
    CHECK(pasted(text) == text);
  }
}

TEST_CASE("a link that begins with a host gets https:// in front") {
  for (const std::string text :
       {"www.example.com/a.jpg", "i.imgur.com/AbCdEf1.jpg", "example.com:8080/a.jpg", "127.0.0.1:80/a.jpg",
        "b\xc3\xbc"
        "cher.example/a.jpg",
        "xn--bcher-kva.example/a.jpg"}) {
    INFO(text);
    CHECK(pasted(text) == "https://" + text);
    CHECK(lacks_scheme("<" + text + ">"));
  }
  for (const char* text :
       {"cat.jpg", "photos/cat.jpg", "./cat.jpg", "/home/me/cat.jpg", "../a.example/cat.jpg", "localhost/cat.jpg", "1.5/2.5",
        "a.b:c/cat.jpg", "a.example:123456/cat.jpg", "a.example:/cat.jpg", ".example/a.jpg", "see www.example.com/a.jpg"}) {
    INFO(text);
    CHECK(pasted(text).find("failed") == 0);
    CHECK_FALSE(lacks_scheme(text));
  }
  CHECK_FALSE(lacks_scheme("https://h/a.jpg"));
  CHECK(pasted("cat.jpg").find("http://") != std::string::npos);
}

TEST_CASE("the scheme is written in lower case, with two slashes") {
  CHECK(pasted("HTTPS://h/a.jpg") == "https://h/a.jpg");
  CHECK(pasted("Http:/h/a.jpg") == "http://h/a.jpg");
  CHECK(pasted("http:///h/a.jpg") == "http://h/a.jpg");
  CHECK(pasted("http:h/a.jpg").find("failed") == 0);
}

TEST_CASE("each kind of what is no http or https link has words of its own") {
  const auto says = [](const char* text, const char* word) {
    INFO(text);
    const auto link = read_pasted_link(text);
    REQUIRE_FALSE(link);
    CHECK(link.error().reason == Reason::bad_link);
    CHECK_FALSE(link.error().transient);
    CHECK(link.error().detail.find(word) != std::string::npos);
  };
  says("//host.example/x.jpg", "https:");
  says("ftp://h/a.jpg", "FTP");
  says("FTP://h/a.jpg", "FTP");
  says("data:image/png;base64,AAAA", "itself");
  says("file:///etc/passwd", "resize");
  says("s3://bucket/a.jpg", "S3");
  says("gs://bucket/a.jpg", "Google");
  says("blob:https://h/1-2", "browser");
  says("gopher://h/a", "neither http: nor https:");
  says("https://h/a.jpg\tcat", "tab");
  says("https://h/a.jpg https://h/b.jpg", "more than one link");
}

TEST_CASE("outer white space of all kinds goes, also where nothing is left") {
  CHECK(without_outer_space("\t\xc2\xa0 a b\xe2\x80\x8b\r").compare("a b") == 0);
  CHECK(without_outer_space(" \xc2\xa0\xef\xbb\xbf").empty());
  CHECK(without_outer_space("\xc2").size() == 1);
}
