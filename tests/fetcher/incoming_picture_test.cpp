#include "fetcher/incoming_picture.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/fetcher/gallery.h"

using namespace thumbline;
using namespace thumbline::test;
using namespace std::string_literals;

namespace {

const std::string jpeg_start = "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1"s;

Result<void> take(IncomingPicture& picture, const std::string& bytes) {
  return picture.take(std::as_bytes(std::span(bytes)));
}

bool is_empty(const std::string& folder) {
  return !std::filesystem::exists(folder) || std::filesystem::is_empty(folder);
}

}  // namespace

TEST_CASE("bytes come out as they went in, however they are cut") {
  const ScratchFolder folder;
  Store store(folder.path());
  IncomingPicture picture(store);
  std::string bytes = jpeg_start;
  const std::size_t size = GENERATE(3U, 16U, 64U << 10U, (64U << 10U) + 1U, 200'000U);
  const std::size_t piece = GENERATE(1U, 15U, 16'384U, 300'000U);
  for (std::size_t i = bytes.size(); i < size; ++i) bytes += static_cast<char>(i * 31 % 251);
  bytes.resize(size);
  picture.begin(1, "a", 1 << 20);
  for (std::size_t at = 0; at < size; at += piece) REQUIRE(take(picture, bytes.substr(at, piece)).has_value());
  const auto stored = picture.finish();
  REQUIRE(stored.has_value());
  CHECK(stored->path == "images/a.jpg");
  CHECK(stored->bytes == size);
  CHECK(file_bytes(store.full(stored->path)) == bytes);
  CHECK(is_empty(folder / ".partial"));
}

TEST_CASE("what is no picture is refused as soon as it can be told") {
  const ScratchFolder folder;
  Store store(folder.path());
  IncomingPicture picture(store);
  picture.begin(1, "a", 1 << 20);
  std::string page = "<!DOCTYPE html>";
  page.resize(image_kind_bytes - 1, '\n');
  CHECK(take(picture, page).has_value());
  const auto refused = take(picture, "\n");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().reason == Reason::not_an_image);
  CHECK(is_empty(folder / ".partial"));

  SECTION("also where it ends before") {
    for (const std::string& bytes : {""s, "x"s, "\xff\xd8"s}) {
      picture.begin(2, "b", 1 << 20);
      REQUIRE(take(picture, bytes).has_value());
      REQUIRE_FALSE(picture.finish().has_value());
      CHECK(picture.finish().error().reason == Reason::not_an_image);
    }
  }
}

TEST_CASE("one byte too many is too many") {
  const ScratchFolder folder;
  Store store(folder.path());
  IncomingPicture picture(store);
  picture.begin(1, "a", 100'000);
  REQUIRE(take(picture, jpeg_start + std::string(100'000 - jpeg_start.size(), 'x')).has_value());
  const auto refused = take(picture, "x");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().reason == Reason::too_large);
  CHECK_FALSE(is_empty(folder / ".partial"));
  picture.drop();
  CHECK(is_empty(folder / ".partial"));
  CHECK(is_empty(folder / "images"));
}

TEST_CASE("a new picture forgets the one before") {
  const ScratchFolder folder;
  Store store(folder.path());
  IncomingPicture picture(store);
  picture.begin(1, "a", 1 << 20);
  REQUIRE(take(picture, jpeg_start + std::string(100'000, 'x')).has_value());
  picture.begin(2, "b", 1 << 20);
  REQUIRE(take(picture, "GIF89a\1\0\1\0"s).has_value());
  REQUIRE(picture.finish().has_value());
  CHECK(file_bytes(folder / "images/b.gif") == "GIF89a\1\0\1\0"s);
  CHECK(is_empty(folder / ".partial"));
}

TEST_CASE("of two fetchers that bring the same picture the first one's stays, whatever the other got") {
  const ScratchFolder folder;
  Store store(folder.path());
  IncomingPicture late(store);
  IncomingPicture other(store);
  const std::string png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"s;
  const std::string theirs = GENERATE_COPY(jpeg_start + "theirs", png + "theirs");
  late.begin(1, "a", 1 << 20);
  REQUIRE(take(late, jpeg_start + "ours").has_value());
  other.begin(1, "a", 1 << 20);
  REQUIRE(take(other, theirs).has_value());
  const auto first = other.finish();
  REQUIRE(first.has_value());
  const auto second = late.finish();
  REQUIRE(second.has_value());
  CHECK(second->path == first->path);
  CHECK(second->bytes == theirs.size());
  CHECK(late.bytes() == theirs.size());
  CHECK(file_bytes(store.full(first->path)) == theirs);
  CHECK(std::distance(std::filesystem::directory_iterator(folder / "images"), {}) == 1);
  CHECK(is_empty(folder / ".partial"));
}

TEST_CASE("a picture of another kind is looked for where others may bring one, and no longer than that") {
  const ScratchFolder folder;
  Store store(folder.path());
  IncomingPicture picture(store);
  const std::string png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"s;
  std::filesystem::create_directory(folder / "images");
  store.set_exclusive(true);
  picture.begin(1, "a", 1 << 20);
  REQUIRE(take(picture, jpeg_start).has_value());
  std::ofstream(folder / "images/a.png", std::ios::binary) << png;
  const bool stays_exclusive = GENERATE(true, false);
  store.set_exclusive(stays_exclusive);
  const auto stored = picture.finish();
  REQUIRE(stored.has_value());
  CHECK(stored->path == (stays_exclusive ? "images/a.jpg" : "images/a.png"));
}

TEST_CASE("a whole picture that is there already stays, what a power cut has left of one does not") {
  const ScratchFolder folder;
  Store store(folder.path());
  IncomingPicture picture(store);
  const std::string there = GENERATE_COPY(jpeg_start + "the user's", ""s, std::string(100, '\0'));
  const bool is_whole = there.starts_with(jpeg_start);
  std::filesystem::create_directory(folder / "images");
  std::ofstream(folder / "images/a.jpg", std::ios::binary) << there;
  picture.begin(1, "a", 1 << 20);
  REQUIRE(take(picture, jpeg_start + "new").has_value());
  const auto stored = picture.finish();
  REQUIRE(stored.has_value());
  const std::string expected = is_whole ? there : jpeg_start + "new";
  CHECK(file_bytes(store.full(stored->path)) == expected);
  CHECK(stored->bytes == expected.size());
  CHECK(picture.bytes() == expected.size());
  CHECK(is_empty(folder / ".partial"));
}

TEST_CASE("a store that cannot be written to is an error of its own") {
  const ScratchFolder folder;
  Store store("/dev/null");
  IncomingPicture picture(store);
  picture.begin(1, "a", 1 << 20);
  REQUIRE(take(picture, jpeg_start).has_value());
  const auto stored = picture.finish();
  REQUIRE_FALSE(stored.has_value());
  CHECK(stored.error().reason == Reason::io);
  CHECK(stored.error().detail.find("/dev/null") != std::string::npos);
}
