#include "common/base/aside_folder.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "x";
}

}  // namespace

TEST_CASE("what killed processes left behind is swept away, what is being written stays") {
  const test::ScratchFolder run;
  const AsideFolder aside(run.path());
  write(aside / "old");
  write(aside / "young");
  fs::last_write_time(aside / "old", fs::last_write_time(aside / "young") - std::chrono::hours(2));
  aside.sweep(std::chrono::hours(1));
  CHECK_FALSE(fs::exists(aside / "old"));
  CHECK(fs::exists(aside / "young"));
  CHECK(std::distance(fs::directory_iterator(run.path() / ".partial"), fs::directory_iterator()) == 1);
}

TEST_CASE("sweeping makes no folder") {
  const test::ScratchFolder run;
  AsideFolder(run.path()).sweep(std::chrono::hours(1));
  CHECK(fs::is_empty(run.path()));
}

TEST_CASE("the folder goes when the last file has gone, not before") {
  const test::ScratchFolder run;
  const AsideFolder aside(run.path());
  aside.remove_if_empty();  // there is none
  write(aside / "young");
  aside.remove_if_empty();
  CHECK(fs::exists(aside / "young"));
  fs::remove(aside / "young");
  aside.remove_if_empty();
  CHECK(fs::is_empty(run.path()));
}

TEST_CASE("a folder that somebody has laid elsewhere stays there") {
  const test::ScratchFolder run;
  const test::ScratchFolder roomy;
  fs::create_directory_symlink(roomy.path(), run.path() / ".partial");
  AsideFolder(run.path()).remove_if_empty();
  CHECK(fs::is_symlink(run.path() / ".partial"));
  CHECK(fs::exists(roomy.path()));
}
