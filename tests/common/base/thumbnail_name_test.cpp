#include "common/base/thumbnail_name.h"

#include <set>

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

TEST_CASE("originals with different names never meet in one thumbnail") {
  std::set<std::string> seen;
  int count = 0;
  for (const char* name : {"a", "a.jpg", "b/a"}) {
    for (const char* extension : {"jpg", "jpeg", "JPG", "png"}) {
      seen.insert(thumbnail_path(name, extension, ImageKind::png));
      ++count;
    }
  }
  CHECK(static_cast<int>(seen.size()) == count);
}

TEST_CASE("no name leads out of the folder") {
  for (const char* name : {"", "/etc/passwd", "../a", "a/../../b", ".."}) {
    INFO(name);
    CHECK(thumbnail_path(name, "", ImageKind::jpeg).empty());
  }
  CHECK_FALSE(thumbnail_path("a..b/c..", "", ImageKind::jpeg).empty());
}
