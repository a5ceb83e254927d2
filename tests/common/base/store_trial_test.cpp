#include "common/base/store_trial.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
namespace fs = std::filesystem;

namespace {

/// What becomes of a failure to write a picture.
Failure tried(const fs::path& run_folder, Failure failure = {Reason::io, "cannot rename to images/a.jpg"}) {
  try_store(failure, run_folder, "images");
  return failure;
}

}  // namespace

TEST_CASE("where other files get into the folder, a failure is that of one file; nothing of the trial is left") {
  const test::ScratchFolder folder;
  const Failure failure = tried(folder.path());
  CHECK(failure.reason == Reason::io);
  CHECK(failure.detail == "cannot rename to images/a.jpg");
  CHECK(fs::is_empty(folder.path() / "images"));
  CHECK(fs::is_empty(folder.path() / ".partial"));
}

TEST_CASE("where none do, the folder is unusable, and it is told why") {
  const test::ScratchFolder folder;
  std::string blamed;
  SECTION("no folder") {
    blamed = folder / "images";
    std::ofstream(blamed) << "a file";
  }
  SECTION("no folder for what is unfinished") {
    blamed = folder / ".partial";
    std::ofstream(blamed) << "a file";
  }
  SECTION("a folder in another file system") {
    blamed = folder / "images";
    fs::create_directory_symlink("/proc", blamed);
  }
  const Failure failure = tried(folder.path());
  CHECK(failure.reason == Reason::folder_unusable);
  CHECK(failure.detail.find(blamed) != std::string::npos);
}

TEST_CASE("other failures have nothing to do with the folder") {
  const test::ScratchFolder folder;
  std::ofstream(folder / "images") << "a file";
  CHECK(tried(folder.path(), {Reason::corrupt, "no end"}).reason == Reason::corrupt);
  Failure busy(Reason::io, "too many open files");
  busy.transient = true;
  CHECK(tried(folder.path(), busy).reason == Reason::io);
}
