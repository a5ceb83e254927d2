#include "collector/thumbnail_folder.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
using thumbline::test::ScratchFolder;

TEST_CASE("a thumbnail that comes home lies whole where its path says, and nothing else is left") {
  const ScratchFolder folder;
  const ThumbnailFolder home(folder.path());
  REQUIRE(home.keep(7, "thumbnails/a/b.jpg", "first"));
  REQUIRE(home.keep(7, "thumbnails/a/b.jpg", "second"));
  std::ifstream in(folder / "thumbnails/a/b.jpg");
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == "second");
  CHECK(std::filesystem::is_empty(folder / ".partial"));
}

TEST_CASE("no thumbnail is written anywhere but below its folder") {
  CHECK(ThumbnailFolder::is_below("thumbnails/a.jpg"));
  CHECK(ThumbnailFolder::is_below("thumbnails/a/..b.jpg"));
  const std::string path = GENERATE(as<std::string>(), "", "thumbnails", "thumbnails/", "a.jpg", "/thumbnails/a.jpg",
                                    "thumbnails/../a.jpg", "thumbnails/a/../../b", "../thumbnails/a.jpg", "thumbnails/.",
                                    "thumbnails//etc/passwd/..", "images/a.jpg", std::string("thumbnails/a\0b", 14));
  CHECK_FALSE(ThumbnailFolder::is_below(path));
}

TEST_CASE("where a thumbnail cannot be written, that is said") {
  const ScratchFolder folder;
  std::ofstream(folder / "thumbnails") << "in the way";
  CHECK(ThumbnailFolder(folder.path()).keep(7, "thumbnails/b.jpg", "bytes").error().reason == Reason(Reason::io));
}
