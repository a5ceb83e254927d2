#include "producer/link.h"

#include <string>

#include "tests/catch.h"

using namespace thumbline;

namespace {
bool is_bad(const std::string& text) {
  const auto link = parse_link(text);
  return !link && link.error().reason == Reason::bad_link && !link.error().transient;
}
}  // namespace

TEST_CASE("a picture of i.imgur.com is named by its id, whatever the rest of the link says") {
  const auto link = parse_link("https://i.imgur.com/aB3dE5f.jpg");
  REQUIRE(link);
  CHECK(link->name == "aB3dE5f");
  for (const char* same : {"http://i.imgur.com/aB3dE5f.png", "https://i.imgur.com/aB3dE5f.jpg?1", "https://I.Imgur.com/aB3dE5f",
                           "https://i.imgur.com/aB3dE5f.jpeg#top"}) {
    INFO(same);
    CHECK(parse_link(same)->id == link->id);
    CHECK(parse_link(same)->name == link->name);
  }
  CHECK(parse_link("https://i.imgur.com/aB3dE5F.jpg")->id != link->id);
}

TEST_CASE("any other link is named by its file name and the hash of the link") {
  // printf %s https://example.org/cat.jpg | sha256sum
  const auto link = parse_link("https://example.org/cat.jpg");
  REQUIRE(link);
  CHECK(link->name == "cat-ebec1c51c646ff59");
  CHECK(parse_link("https://example.org/cat.jpg?v=2")->name.starts_with("cat-"));
  CHECK(parse_link("https://example.org/cat.jpg?v=2")->name != link->name);
  CHECK(parse_link("https://example.org/cat.jpg#there")->name == link->name);
  CHECK(parse_link("https://i.imgur.com/gallery/aB3dE5f")->name.starts_with("aB3dE5f-"));
}

TEST_CASE("a name is never a path, never hidden, never an option, never too long") {
  for (const char* text :
       {"http://h/", "http://h", "http://h/..", "http://h/.htaccess", "http://h/a/%2e%2e%2fb.jpg", "http://h/-rf",
        "http://h/a\\b.jpg", "http://h/a;rm.jpg", "http://h/$(x).jpg", "http://h/.jpg", "http://h/a.b.c.jpg"}) {
    INFO(text);
    const auto link = parse_link(text);
    REQUIRE(link);
    CHECK(link->name.find('/') == std::string::npos);
    CHECK(link->name.find('\\') == std::string::npos);
    CHECK(link->name.find_first_of("$;()'\" \n") == std::string::npos);
    CHECK_FALSE(link->name.starts_with('.'));
    CHECK_FALSE(link->name.starts_with('-'));
    CHECK(link->name.size() > 13);
  }
  const auto longest = parse_link("http://h/" + std::string(5000, 'x') + ".jpg");
  REQUIRE(longest);
  CHECK(longest->name.size() <= 200);
  std::string umlauts = "http://h/x";
  for (int i = 0; i < 300; ++i) umlauts += "\xc3\xa4";
  const std::string name = parse_link(umlauts)->name;
  CHECK(name.size() <= 200);
  CHECK(name[name.find('-') - 1] == '\xa4');  // a whole character stands before the hash
}

TEST_CASE("what is no link is a bad link with a reason that can be read") {
  for (const char* text : {"", "cat.jpg", "i.imgur.com/a.jpg", "ftp://h/a.jpg", "file:///etc/passwd", "javascript:alert(1)",
                           "http://", "http://user@h/a.jpg", "http://user:secret@h/a.jpg", "http://@h/a.jpg",
                           "http://h/a b.jpg", "http://h:99999/a.jpg", "data:image/png;base64,AAAA"}) {
    INFO(text);
    CHECK(is_bad(text));
  }
  CHECK(is_bad("http://h/" + std::string(9000, 'x')));
  for (const char* text : {"cat.jpg", "www.example.com/a.jpg", "127.0.0.1:80/a.jpg"}) {
    CHECK(parse_link(text).error().detail.find("http://") != std::string::npos);
  }
  CHECK_FALSE(parse_link("ftp://h/a.jpg").error().detail.empty());
}

TEST_CASE("bad lines are told apart and kept short") {
  CHECK(bad_line("one").id != bad_line("two").id);
  CHECK(bad_line("one").id == bad_line("one").id);
  CHECK(bad_line(std::string(100'000, 'x')).url.size() <= max_link_bytes);
}

TEST_CASE("links of one name have one id: the name has all of it") {
  // Found by trying: of these two, the first 48 bits of the SHA-256 are the same.
  const auto one = parse_link("http://h/59522/a.jpg");
  const auto other = parse_link("http://h/34254929/a.jpg");
  REQUIRE((one && other));
  CHECK(one->id != other->id);
  CHECK(one->name != other->name);
  CHECK(one->name.substr(0, one->name.size() - 4) == other->name.substr(0, other->name.size() - 4));
}

TEST_CASE("what only looks like a picture of Imgur has a name that no such picture has") {
  const std::string longest(32, 'a');
  CHECK(parse_link("https://i.imgur.com/" + longest + ".jpg")->name == longest);
  for (const std::string& id :
       {longest + "a", std::string(3000, 'a'), std::string("a-b"), std::string("a%62"), std::string("a_b"), std::string("a/b"),
        std::string("\xc3\xa4"), std::string(".jpg"), std::string("a.b")}) {
    INFO(id);
    const auto link = parse_link("https://i.imgur.com/" + id + ".jpg");
    REQUIRE(link);
    CHECK(link->name.find('-') != std::string::npos);
    CHECK(link->name.size() <= 200);
  }
  for (const char* other : {"https://i.imgur.com.example.org/aB3dE5f.jpg", "https://imgur.com/aB3dE5f.jpg",
                            "https://example.org/i.imgur.com/aB3dE5f.jpg", "https://i.stack.imgur.com/aB3dE5f.jpg"}) {
    INFO(other);
    CHECK(parse_link(other)->name != "aB3dE5f");
    CHECK(parse_link(other)->id != parse_link("https://i.imgur.com/aB3dE5f.jpg")->id);
  }
}

TEST_CASE("a picture file is split into its place and the extension of a picture") {
  const Link picture = picture_file("/data/in/a/b.JPG", "a/b.JPG", "@/a/b.JPG");
  CHECK(picture.source == "/data/in/a/b.JPG");
  CHECK(picture.url == "a/b.JPG");
  CHECK(picture.name == "@/a/b");
  CHECK(picture.extension == "JPG");
  for (const char* name : {"a/b", "a/b.", "a/b.foo", "a.jpg/b"}) {
    INFO(name);
    CHECK(picture_file("/x", name, name).name == name);
    CHECK(picture_file("/x", name, name).extension == ".");
  }
  CHECK(picture_file("/a", "a/b.png", "x").id != picture_file("/a", "a/b.jpg", "x").id);
}
