#include "common/base/run_folder_owner.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
namespace fs = std::filesystem;

namespace {

constexpr uid_t somebody_else = 4242;

bool is_refused(const fs::path& folder, const std::string& naming) {
  const auto checked = check_run_folder_owner(folder);
  return !checked && checked.error().detail.find(naming) != std::string::npos;
}

}  // namespace

TEST_CASE("one's own folder will do, and one that is not there yet") {
  const test::ScratchFolder folder;
  fs::create_directory(folder / "images");
  std::ofstream(folder / "run.key") << "x";
  CHECK(check_run_folder_owner(folder.path()));
  CHECK(check_run_folder_owner(folder / "not there"));
}

TEST_CASE("a folder that all users may change is refused, unless what is in it is safe from them") {
  const test::ScratchFolder folder;
  ::chmod(folder.path().c_str(), 0777);
  CHECK(is_refused(folder.path(), "chmod"));
  ::chmod(folder.path().c_str(), 01777);
  CHECK(check_run_folder_owner(folder.path()));
  fs::create_directory(folder / "images");
  ::chmod((folder / "images").c_str(), 0777);
  CHECK(is_refused(folder.path(), "images"));
}

TEST_CASE("links in place of files are refused, and links to folders are the user's to make") {
  const test::ScratchFolder folder;
  const test::ScratchFolder roomy;
  fs::create_directory_symlink(roomy.path(), folder / "images");
  CHECK(check_run_folder_owner(folder.path()));
  for (const char* name : {"run.key", "ledger.sqlite", ".store-id"}) {
    std::ofstream(roomy / "file") << "the user's";
    fs::create_symlink(roomy / "file", folder / name);
    CHECK(is_refused(folder.path(), name));
    fs::remove(folder / name);
  }
}

TEST_CASE("what another user has prepared is refused") {
  if (::geteuid() != 0) return;  // only root can give files away
  const test::ScratchFolder folder;
  for (const char* name : {"run.key", ".partial", "images"}) {
    fs::create_directory(folder / name);
    REQUIRE(::chown((folder / name).c_str(), somebody_else, somebody_else) == 0);
    CHECK(is_refused(folder.path(), name));
    fs::remove(folder / name);
  }
  const test::ScratchFolder theirs;
  REQUIRE(::chown(theirs.path().c_str(), somebody_else, somebody_else) == 0);
  fs::create_directory_symlink(theirs.path(), folder / "images");
  CHECK(is_refused(folder.path(), "images"));
  CHECK(is_refused(theirs.path(), "another user"));
  CHECK(fs::is_empty(theirs.path()));
}
