#include "common/base/link_id.h"

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("an id is the beginning of the SHA-256, whole") {
  // printf %s https://example.org/cat.jpg | sha256sum
  CHECK(link_id_text(link_id("https://example.org/cat.jpg")) == "ebec1c51c646ff59");
  CHECK(link_id_text(0xab) == "00000000000000ab");
}

TEST_CASE("the id of a row that lost its last bit is found again by what the row knows") {
  for (const char* link : {"https://example.org/cat.jpg", "a line that is no link", ""}) {
    CHECK(whole_link_id(link_id(link) >> 1U, link, "cat-ebec1c51c646") == link_id(link));
  }
  const std::uint64_t imgur = link_id(imgur_identity("aB3dE5f"));
  CHECK(whole_link_id(imgur >> 1U, "https://i.imgur.com/aB3dE5f.png?1", "aB3dE5f") == imgur);
  const std::uint64_t file = link_id(file_identity("summer/a.jpg"));
  CHECK(whole_link_id(file >> 1U, "summer/a.jpg", "summer/a") == file);
  CHECK_FALSE(whole_link_id(17, "https://example.org/cat.jpg", "cat").has_value());
}
