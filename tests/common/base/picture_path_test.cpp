#include "common/base/picture_path.h"

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("a picture's path follows from its name and kind, and is known again") {
  CHECK(picture_path("sunset-0123", ImageKind::jpeg) == "images/sunset-0123.jpg");
  for (const ImageKind kind : {ImageKind::jpeg, ImageKind::png, ImageKind::webp, ImageKind::jxl}) {
    CHECK(is_picture_path(picture_path("a.b", kind), "a.b"));
  }
}

TEST_CASE("no other path is that of a name") {
  const std::string path =
      GENERATE(as<std::string>(), "", "/private.jpg", "images/b.jpg", "images/a.php", "images/a", "images/a.",
               "images/../a.jpg", "images/sub/a.jpg", "a.jpg", "images/a.jpg/", "images//a.jpg", "thumbnails/a.jpg");
  CHECK_FALSE(is_picture_path(path, "a"));
  CHECK_FALSE(is_picture_path("images/.jpg", ""));
}
