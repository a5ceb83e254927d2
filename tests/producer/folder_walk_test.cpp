#include "producer/folder_walk.h"

#include <fstream>
#include <set>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "x";
}

std::set<std::string> rest_of(FolderWalk& walk, const fs::path& root) {
  std::set<std::string> files;
  while (const auto file = walk.next({})) files.insert(file->lexically_relative(root).string());
  return files;
}

}  // namespace

TEST_CASE("a walk finds all files below, nothing hidden, nothing behind links to folders, nothing in the folder to skip") {
  const test::ScratchFolder folder;
  for (const char* file : {"in/a", "in/b/c", "in/b/d/e", "in/.hidden/f", "in/.g", "in/out/h", "elsewhere/i"})
    put(folder.path() / file);
  fs::create_directory_symlink(folder.path() / "elsewhere", folder.path() / "in/link");
  fs::create_symlink(folder.path() / "elsewhere/i", folder.path() / "in/linked");
  FolderWalk walk(folder.path() / "in", folder.path() / "in/out");
  CHECK(rest_of(walk, folder.path() / "in") == std::set<std::string>{"a", "b/c", "b/d/e", "linked"});
  CHECK(walk.unreadable() == 0);
}

TEST_CASE("a folder that vanishes under the walk ends itself alone") {
  const test::ScratchFolder folder;
  for (int i = 0; i < 20; ++i) put(folder.path() / "in" / std::to_string(i) / "deep" / "file");
  FolderWalk walk(folder.path() / "in", {});
  const auto first = walk.next({});
  REQUIRE(first);
  // Of those that are left, half. The one that is open now, too.
  std::set<std::string> expected;
  int left = 0;
  for (const auto& entry : fs::directory_iterator(folder.path() / "in")) {
    if (*first == entry.path() / "deep/file") continue;
    if (++left % 2 == 0) {
      fs::remove_all(entry.path());
    } else {
      expected.insert(entry.path().filename().string() + "/deep/file");
    }
  }
  fs::remove_all(first->parent_path());
  CHECK(rest_of(walk, folder.path() / "in") == expected);
}
