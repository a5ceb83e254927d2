#include "fetcher/store.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/fetcher/gallery.h"

using namespace thumbline;
using namespace thumbline::test;
using namespace std::string_literals;

namespace {

const std::string jpeg_start = "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1"s;

void write(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("pictures are named after their link, with the extension of their bytes") {
  CHECK(Store::picture_path("aBc1234", ImageKind::jpeg) == "images/aBc1234.jpg");
  CHECK(Store::picture_path("sunset-0123456789ab", ImageKind::webp) == "images/sunset-0123456789ab.webp");
  CHECK(Store("/run/7").full("images/a.jpg") == "/run/7/images/a.jpg");
  CHECK(Store("/run/7/").full("images/a.jpg") == "/run/7/images/a.jpg");
}

TEST_CASE("a name never leads out of the store") {
  for (const std::string& name :
       {""s, "."s, ".."s, ".hidden"s, "../x"s, "a/b"s, "/etc/passwd"s, "a\0b"s, std::string(300, 'a')}) {
    INFO(name);
    CHECK_FALSE(Store::is_file_name(name));
  }
  CHECK(Store::is_file_name("a.b-c d"));
  CHECK(Store::is_file_name("\xc3\xa4"));
}

TEST_CASE("no two attempts write to the same file") {
  Store store("/run");
  const auto first = store.aside_path(0xab);
  CHECK(first != store.aside_path(0xab));
  CHECK(first.parent_path() == "/run/.partial");
  CHECK(first.filename().string().starts_with("00000000000000ab-"));
}

TEST_CASE("a picture of an earlier attempt is found by its name, whatever its kind") {
  const ScratchFolder folder;
  const Store store(folder.path());
  CHECK_FALSE(store.find("a").has_value());
  write(folder / "images/a.jpg", jpeg_start);
  write(folder / "images/b.gif", "GIF89a\1\0\1\0"s);
  REQUIRE(store.find("a").has_value());
  CHECK(store.find("a")->path == "images/a.jpg");
  CHECK(store.find("a")->bytes == jpeg_start.size());
  CHECK(store.find("b")->path == "images/b.gif");
}

TEST_CASE("a file that lost its bytes is no picture") {
  const ScratchFolder folder;
  const Store store(folder.path());
  write(folder / "images/empty.jpg", "");
  write(folder / "images/zeros.png", std::string(1000, '\0'));
  write(folder / "images/other.png", jpeg_start);
  CHECK_FALSE(store.find("empty").has_value());
  CHECK_FALSE(store.find("zeros").has_value());
  CHECK_FALSE(store.find("other").has_value());
}
