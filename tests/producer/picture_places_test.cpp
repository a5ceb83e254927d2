#include "producer/picture_places.h"

#include <fstream>
#include <set>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
namespace fs = std::filesystem;

namespace {

std::string name_of(const Link& picture) {
  return picture.name + (picture.extension == "." ? "" : "." + picture.extension);
}

}  // namespace

TEST_CASE("a picture of a folder has its place in there, any other one its whole path") {
  const test::ScratchFolder folder;
  fs::create_directories(folder.path() / "pics/sub");
  const fs::path pics = folder.path() / "pics";
  const PicturePlaces tree({pics});
  CHECK(name_of(tree.picture(pics / "sub/a.jpg")) == "sub/a.jpg");
  CHECK(name_of(tree.picture("/data/a.jpg")) == "@/data/a.jpg");
  CHECK(name_of(PicturePlaces({}).picture("/data/a.jpg")) == "data/a.jpg");
  CHECK(tree.picture(pics / "sub/a.jpg").url == "sub/a.jpg");
  CHECK(tree.picture("/data/a.jpg").url == "/data/a.jpg");
  CHECK(name_of(PicturePlaces({"/"}).picture("/data/a.jpg")) == "data/a.jpg");
}

TEST_CASE("of folders in each other the outermost has the say, in whichever order they are named") {
  const test::ScratchFolder folder;
  const fs::path pics = folder.path() / "pics";
  fs::create_directories(pics / "sub");
  CHECK(name_of(PicturePlaces({pics, pics / "sub"}).picture(pics / "sub/a.jpg")) == "pics/sub/a.jpg");
  CHECK(name_of(PicturePlaces({pics / "sub", pics}).picture(pics / "sub/a.jpg")) == "pics/sub/a.jpg");
}

TEST_CASE("no two pictures have one name, or one id") {
  const PicturePlaces places({"/in"});
  std::set<std::string> names;
  std::set<std::uint64_t> ids;
  const std::set<std::string> files{"/in/data/a.jpg",
                                    "/data/a.jpg",
                                    "/in/@/data/a.jpg",
                                    "/in/@@/data/a.jpg",
                                    "/@/data/a.jpg",
                                    "/@@/data/a.jpg",
                                    "/in/@@@/a.jpg",
                                    "/in/a",
                                    "/in/a.jpg",
                                    "/in/a.",
                                    "/in/@.jpg",
                                    "/in/@/in/a.jpg",
                                    "/inside/a.jpg",
                                    "/a.jpg",
                                    "/in/@",
                                    "/@",
                                    "/in/@a/data/a.jpg"};
  for (const std::string& file : files) {
    const Link picture = places.picture(file);
    names.insert(picture.name + "|" + picture.extension);
    ids.insert(picture.id);
    CHECK(picture.source == file);
  }
  CHECK(names.size() == files.size());
  CHECK(ids.size() == files.size());
}

TEST_CASE("a path is the same however it is written; a link to a picture is one of its own") {
  const test::ScratchFolder folder;
  const fs::path real = fs::canonical(folder.path());
  fs::create_directories(real / "a/sub");
  fs::create_directory_symlink(real / "a", real / "link");
  std::ofstream(real / "a/p.jpg") << "x";
  fs::create_symlink(real / "a/p.jpg", real / "a/q.jpg");
  for (const fs::path& path : {real / "a/p.jpg", real / "a/./sub/../p.jpg", real / "link/p.jpg", real / "link/sub/../p.jpg"}) {
    CHECK(PicturePlaces::real_path(path) == real / "a/p.jpg");
  }
  CHECK(PicturePlaces::real_path(real / "a/q.jpg") == real / "a/q.jpg");
  CHECK(PicturePlaces::real_path(real / "a/.") == real / "a");
  CHECK(PicturePlaces::real_path(real / "none/../a/p.jpg") == real / "a/p.jpg");
}
