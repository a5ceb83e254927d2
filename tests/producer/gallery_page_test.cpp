#include "producer/gallery_page.h"

#include <string>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("pictures and albums of a page are read, everything else is left out") {
  const auto page = read_gallery_page(R"({"data":[
    {"id":"a","type":"image/jpeg","animated":false,"link":"https://i.imgur.com/a.jpg","is_album":false},
    {"id":"b","type":"image/png","link":"https://i.imgur.com/b.png"},
    {"id":"c","type":"image/gif","animated":true,"link":"https://i.imgur.com/c.gif"},
    {"id":"d","type":"video/mp4","link":"https://i.imgur.com/d.mp4"},
    {"id":"e","is_album":true,"images_count":2,"link":"https://imgur.com/a/e","images":[
      {"type":"image/jpeg","link":"https://i.imgur.com/e1.jpg"},{"type":"image/png","link":"https://i.imgur.com/e2.png"}]},
    {"id":"f","is_album":true,"images_count":9,"images":[{"type":"image/jpeg","link":"https://i.imgur.com/f1.jpg"}]},
    {"id":"g","is_album":true,"images_count":3},
    7, null, "text", {"type":"image/png"}, {"type":"image/png","link":17}
  ],"success":true,"status":200})");
  REQUIRE(page);
  CHECK(page->pictures == std::vector<std::string>{"https://i.imgur.com/a.jpg", "https://i.imgur.com/b.png",
                                                   "https://i.imgur.com/e1.jpg", "https://i.imgur.com/e2.png"});
  CHECK(page->albums == std::vector<std::string>{"f", "g"});
  CHECK(page->items == 9);
}

TEST_CASE("an empty page is a page") {
  const auto page = read_gallery_page(R"({"data":[],"success":true,"status":200})");
  REQUIRE(page);
  CHECK(page->items == 0);
}

TEST_CASE("over capacity is a wish to be left alone") {
  const auto page = read_gallery_page(
      R"({"data":{"error":"Imgur is temporarily over capacity. Please try again later."},"success":false,"status":403})");
  REQUIRE_FALSE(page);
  CHECK(page.error().reason == Reason::rate_limited);
}

TEST_CASE("what Imgur says cannot give orders to a terminal") {
  for (const char* text : {R"({"data":{"error":"a\u001b[2Jb"}})", R"({"data":{"error":"over capacity\n\u009b2J"}})"}) {
    const auto page = read_gallery_page(text);
    REQUIRE_FALSE(page);
    for (const char c : page.error().detail) CHECK((c >= ' ' && c <= '~'));
  }
}

TEST_CASE("answers that are none are failures, not crashes") {
  const std::string nested = "{\"data\":" + std::string(200'000, '[');
  for (const std::string& text :
       {std::string(), std::string("<html>"), std::string("[]"), std::string("{}"), std::string("{\"data\":7}"),
        std::string("{\"data\":{\"error\":{\"code\":1}}}"), std::string("{\"data\":["), nested, std::string("\0\0", 2)}) {
    CHECK_FALSE(read_gallery_page(text));
  }
}
