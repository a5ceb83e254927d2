#include "common/base/thumbnail_name.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("a downloaded picture's thumbnail is named by its kind") {
  CHECK(thumbnail_path("cat-0123456789ab", "", ImageKind::jpeg) == "thumbnails/cat-0123456789ab_thumbnail.jpg");
  CHECK(thumbnail_path("aB3dE5f", "", ImageKind::png) == "thumbnails/aB3dE5f_thumbnail.png");
}

TEST_CASE("in resize, tree and extension stay where the kind stays, and the whole name where it changes") {
  CHECK(thumbnail_path("a/b", "jpg", ImageKind::jpeg) == "thumbnails/a/b_thumbnail.jpg");
  CHECK(thumbnail_path("a/b", "JPEG", ImageKind::jpeg) == "thumbnails/a/b_thumbnail.JPEG");
  CHECK(thumbnail_path("a", "jpg", ImageKind::png) == "thumbnails/a.jpg_thumbnail.png");
  CHECK(thumbnail_path("a", "gif", ImageKind::png) == "thumbnails/a.gif_thumbnail.png");
}

TEST_CASE("one without a picture's extension gets one") {
  CHECK(thumbnail_path("a/b", ".", ImageKind::jpeg) == "thumbnails/a/b.jpg_thumbnail.jpg");
  CHECK(thumbnail_path("a.foo", ".", ImageKind::png) == "thumbnails/a.foo.png_thumbnail.png");
}

TEST_CASE("originals with different names never meet in one thumbnail, whatever their kinds") {
  // All names of up to five of these; with each, as producer/link.cpp splits it, every kind that its thumbnail may have.
  const std::vector<std::string> pieces{"x", ".", "jpg", "JPG", "png", "foo", "_thumbnail"};
  std::vector<std::string> names{""};
  std::size_t count = 0;
  std::set<std::string> files;
  for (int length = 1; length <= 5; ++length) {
    std::vector<std::string> longer;
    for (const std::string& name : names) {
      for (const std::string& piece : pieces) longer.push_back(name + piece);
    }
    names = std::move(longer);
    files.insert(names.begin(), names.end());
  }
  for (const char* none : {".", ".."}) files.erase(none);
  std::set<std::string> seen;
  for (const std::string& file : files) {
    const std::string extension = std::filesystem::path(file).extension().string();
    const bool is_of_picture = !extension.empty() && kind_of_extension(extension.substr(1));
    const std::string name = is_of_picture ? file.substr(0, file.size() - extension.size()) : file;
    for (const ImageKind kind : {ImageKind::jpeg, ImageKind::png}) {
      seen.insert(thumbnail_path(name, is_of_picture ? extension.substr(1) : ".", kind));
      ++count;
    }
  }
  CHECK(seen.size() == count);
}

TEST_CASE("no name leads out of the folder") {
  for (const char* name : {"", "/etc/passwd", "../a", "a/../../b", "../.."}) {
    INFO(name);
    for (const char* extension : {"", ".", "jpg"}) CHECK(thumbnail_path(name, extension, ImageKind::jpeg).empty());
  }
  CHECK(thumbnail_path("..", "", ImageKind::jpeg).empty());
  CHECK_FALSE(thumbnail_path("a..b/c..", "", ImageKind::jpeg).empty());
}
