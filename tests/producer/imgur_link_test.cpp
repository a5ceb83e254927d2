#include "producer/imgur_link.h"

#include "tests/catch.h"

using namespace thumbline;

namespace {
using Kind = ImgurLink::Kind;

std::optional<ImgurLink> read(std::string_view text) {
  const auto url = read_url(text);
  REQUIRE(url);
  return read_imgur_link(*url);
}
}  // namespace

TEST_CASE("the page of a picture leads to its bytes") {
  for (const char* page :
       {"https://imgur.com/AbCdEf1", "http://imgur.com/AbCdEf1", "https://www.imgur.com/AbCdEf1", "https://m.imgur.com/AbCdEf1",
        "https://imgur.com/AbCdEf1.jpg", "https://imgur.com/AbCdEf1.png", "https://imgur.com/AbCdEf1/",
        "https://imgur.com/AbCdEf1?x#y", "https://i.imgur.com/AbCdEf1", "https://i.imgur.com/AbCdEf1/",
        "https://imgur.com/gallery/AbCdEf1", "https://imgur.com/gallery/some-title-AbCdEf1", "https://imgur.com/t/cats/AbCdEf1",
        "https://imgur.com/t/cats/a-title-AbCdEf1", "https://imgur.com/r/aww/AbCdEf1",
        "https://imgur.com/gallery/AbCdEf1/comment/12"}) {
    INFO(page);
    const auto link = read(page);
    REQUIRE(link);
    CHECK(link->kind == Kind::picture);
    CHECK(link->id == "AbCdEf1");
    CHECK(text_of(link->url) == "https://i.imgur.com/AbCdEf1.jpg");
  }
  CHECK(read("https://imgur.com/oLd5x")->id == "oLd5x");
}

TEST_CASE("a picture's own link stays as it is, another size is another picture") {
  for (const char* text :
       {"https://i.imgur.com/AbCdEf6.jpg", "http://i.imgur.com/AbCdEf6.png?1", "https://i.imgur.com/AbCdEf6s.jpg",
        "https://i.imgur.com/AbCdEf6m.jpg", "https://i.imgur.com/AbCdEf6h.jpg", "https://i.imgur.com/AbCdEf6.gif"}) {
    INFO(text);
    const auto link = read(text);
    REQUIRE(link);
    CHECK(link->kind == Kind::picture);
    CHECK(text_of(link->url) == text);
  }
  CHECK(read("https://i.imgur.com/AbCdEf6s.jpg")->id == "AbCdEf6s");
}

TEST_CASE("videos and albums are known as such") {
  for (const char* video : {"https://i.imgur.com/AbCdEf6.gifv", "https://i.imgur.com/AbCdEf6.mp4",
                            "https://imgur.com/AbCdEf6.GIFV", "https://i.imgur.com/AbCdEf6.webm"}) {
    INFO(video);
    CHECK(read(video)->kind == Kind::video);
  }
  for (const char* album :
       {"https://imgur.com/a/AlBum01", "https://m.imgur.com/a/AlBuM", "https://imgur.com/a/some-title-AlBum01",
        "https://imgur.com/a/AlBum01/layout/grid", "https://imgur.com/gallery/AlBuM"}) {
    INFO(album);
    CHECK(read(album)->kind == Kind::album);
  }
}

TEST_CASE("for other links there is no rule of Imgur's") {
  for (const char* text :
       {"https://i.stack.imgur.com/StAck1.jpg", "https://imgur.com.example.org/AbCdEf1", "https://notimgur.com/AbCdEf1",
        "https://example.org/i.imgur.com/AbCdEf1.jpg", "https://i.imgur.com:8443/AbCdEf1.jpg", "https://imgur.com/",
        "https://imgur.com", "https://imgur.com/upload", "https://imgur.com/about", "https://imgur.com/t/cats",
        "https://imgur.com/r/aww/top", "https://imgur.com/a/", "https://imgur.com/user/somebody/x",
        "https://i.imgur.com/a-b.jpg", "https://i.imgur.com/a/AlBum01", "https://i.imgur.com/.jpg",
        "https://api.imgur.com/AbCdEf1"}) {
    INFO(text);
    CHECK_FALSE(read(text));
  }
}
