#include "producer/link.h"

#include <string>

#include "common/base/link_id.h"
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
                           "https://i.imgur.com/aB3dE5f.jpeg#top", "https://imgur.com/aB3dE5f",
                           "https://m.imgur.com/aB3dE5f.png", "https://imgur.com/gallery/the-cat-aB3dE5f"}) {
    INFO(same);
    CHECK(parse_link(same)->id == link->id);
    CHECK(parse_link(same)->name == link->name);
  }
  CHECK(parse_link("https://i.imgur.com/aB3dE5F.jpg")->id != link->id);
  CHECK(parse_link("https://i.imgur.com/aB3dE5fs.jpg")->id != link->id);
  CHECK(parse_link("https://imgur.com/aB3dE5f")->url == "https://i.imgur.com/aB3dE5f.jpg");
}

TEST_CASE("a name is UTF-8, whatever the link is") {
  CHECK(parse_link("http://h/caf\xc3\xa9.jpg?x")->name.starts_with("caf\xc3\xa9-"));
  CHECK(parse_link("http://h/caf\xe9.jpg?x")->name.starts_with("caf%E9-"));
}

TEST_CASE("a video or an album of Imgur's is told apart from the picture of that id, and what it is said") {
  const auto picture = parse_link("https://i.imgur.com/AbCdEf6.jpg");
  for (const char* text : {"https://i.imgur.com/AbCdEf6.gifv", "https://imgur.com/AbCdEf6.mp4"}) {
    INFO(text);
    const auto video = parse_link(text);
    REQUIRE_FALSE(video);
    CHECK(video.error().reason == Reason::unsupported_format);
    CHECK(video.error().detail.find("video") != std::string::npos);
    CHECK(bad_line(text).id != picture->id);
    CHECK(bad_line(text).url == text);
  }
  const auto album = parse_link("https://imgur.com/a/AlBum01");
  REQUIRE_FALSE(album);
  CHECK(album.error().reason == Reason::not_an_image);
  CHECK(album.error().detail.find("album") != std::string::npos);
  CHECK(bad_line("<HTTPS://imgur.com/a/AlBum01>").id == bad_line("https://imgur.com/a/AlBum01").id);
}

TEST_CASE("a link that is written in another way is the same link") {
  const auto link = parse_link("https://h.example/a%20b/c.jpg?x=1");
  REQUIRE(link);
  for (const char* same :
       {"HTTPS://H.Example/a%20b/c.jpg?x=1", "https://h.example:443/a%20b/c.jpg?x=1", "https://h.example/a b/c.jpg?x=1",
        "<https://h.example/a%20b/./c.jpg?x=1#top>", "h.example/a%20b/c.jpg?x=1", "https://h.example/a%20b/c%2ejpg?x=1"}) {
    INFO(same);
    CHECK(parse_link(same)->id == link->id);
  }
  for (const char* other :
       {"http://h.example/a%20b/c.jpg?x=1", "https://h.example/a%20b/C.jpg?x=1", "https://h.example/a+b/c.jpg?x=1",
        "https://h.example/a%20b/c.jpg?x=1&", "https://h.example:8443/a%20b/c.jpg?x=1"}) {
    INFO(other);
    CHECK(parse_link(other)->id != link->id);
  }
}

TEST_CASE("the link of a ledger is what was given, but for what is around it") {
  for (const char* text :
       {"https://h/a b.jpg", "https://h/\xc3\xa4.jpg", "https://h/a[1]|2.jpg?", "https://h/./%7ea.jpg?q=1&r", "https://h"}) {
    INFO(text);
    CHECK(parse_link(text)->url == text);
  }
  CHECK(parse_link("\"Https://H:443/A.jpg#x\",")->url == "https://h/A.jpg");
  CHECK(parse_link("www.example.com/a.jpg")->url == "https://www.example.com/a.jpg");
}

TEST_CASE("ids and names are those of ledgers that did not normalize, where a link is in normal form") {
  // link_id() of the link's text, and the name that followed from it.
  for (const char* text : {"https://example.org/cat.jpg", "https://example.org/cat.jpg?v=2&w=%C3%A4",
                           "http://h.example:8080/a/~b,c;d.PNG", "http://h/%C3%A4%20(1).jpg?", "http://h/"}) {
    INFO(text);
    const std::string as_written = text;
    const bool is_normal = !as_written.ends_with('?');
    CHECK((parse_link(text)->id == link_id(text)) == is_normal);
  }
  CHECK(parse_link("http://h/%C3%A4%20(1).jpg")->name.starts_with("%C3%A4%20_1_-"));
  CHECK(bad_line("no link").id == link_id("no link"));
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
  for (const char* text : {"", "\"\"", "cat.jpg", "ftp://h/a.jpg", "file:///etc/passwd", "javascript:alert(1)", "http://",
                           "http://user@h/a.jpg", "http://user:secret@h/a.jpg", "http://@h/a.jpg", "http://h/a\tb.jpg",
                           "http://h:99999/a.jpg", "data:image/png;base64,AAAA"}) {
    INFO(text);
    CHECK(is_bad(text));
  }
  CHECK(is_bad("http://h/" + std::string(9000, 'x')));
  CHECK(is_bad("h.example/" + std::string(max_link_bytes - 10, 'x')));
  CHECK(parse_link("cat.jpg").error().detail.find("http://") != std::string::npos);
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
  for (const char* other : {"https://i.imgur.com.example.org/aB3dE5f.jpg", "https://api.imgur.com/aB3dE5f.jpg",
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
