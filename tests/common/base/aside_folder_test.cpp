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
  const fs::path old = aside.fresh("old");
  const fs::path young = aside.fresh("young");
  const fs::path users = aside / "thesis.part";
  for (const fs::path& file : {old, young, users}) write(file);
  for (const fs::path& file : {old, users}) fs::last_write_time(file, fs::last_write_time(young) - std::chrono::hours(2));
  aside.sweep(std::chrono::hours(1));
  CHECK_FALSE(fs::exists(old));
  CHECK(fs::exists(young));
  CHECK(fs::exists(users));
  CHECK(std::distance(fs::directory_iterator(run.path() / ".partial"), fs::directory_iterator()) == 2);
}

TEST_CASE("its files are known by their names, those of the launcher, too") {
  const AsideFolder aside("/run");
  CHECK(aside.fresh("a") != aside.fresh("a"));
  CHECK(AsideFolder::is_ours(aside.fresh("a").filename().string()));
  CHECK(AsideFolder::is_ours(aside.fresh("links-2.txt").filename().string()));
  CHECK(AsideFolder::is_ours("links.txt-host.example-17-0123456789abcdef.part"));
  for (const char* name :
       {"", ".part", "thesis.part", "a-b-c-d.part", "my-17-0123456789abcdef", "a-host-x-0123456789abcdef-1.part",
        "a-host-17-0123456789abcdeg-1.part", "a-host-17-1.part", "-17-0123456789abcdef.part"}) {
    INFO(name);
    CHECK_FALSE(AsideFolder::is_ours(name));
  }
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
