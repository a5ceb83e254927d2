#include "common/base/aside_file.h"

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
namespace fs = std::filesystem;

namespace {
std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}
std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
}  // namespace

TEST_CASE("a file appears under its final name only when it is whole, folders included") {
  const test::ScratchFolder folder;
  const fs::path aside = folder.path() / ".partial/x";
  const fs::path final_name = folder.path() / "a/b/picture.jpg";
  auto file = AsideFile::create(aside);
  REQUIRE(file);
  REQUIRE(file->write(bytes_of("half")));
  CHECK_FALSE(fs::exists(final_name));
  REQUIRE(file->write(bytes_of(" and half")));
  REQUIRE(file->commit(final_name));
  CHECK(content(final_name) == "half and half");
  CHECK_FALSE(fs::exists(aside));
}

TEST_CASE("what is not committed is gone") {
  const test::ScratchFolder folder;
  {
    auto file = AsideFile::create(folder.path() / "x");
    REQUIRE(file);
    AsideFile moved = std::move(*file);
    REQUIRE(moved.write(bytes_of("text")));
  }
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a file that could not be closed does not get its name: what was written may not be there") {
  const test::ScratchFolder folder;
  const fs::path aside = folder.path() / "x";
  auto file = AsideFile::create(aside);
  REQUIRE(file);
  REQUIRE(file->write(bytes_of("picture")));
  ::close(file->fd());  // so that closing it fails, as a file server's does that has no room
  SECTION("replacing") {
    CHECK_FALSE(file->commit(folder.path() / "picture.jpg"));
  }
  SECTION("as the first") {
    CHECK_FALSE(file->commit_if_first(folder.path() / "picture.jpg"));
  }
  CHECK_FALSE(fs::exists(folder.path() / "picture.jpg"));
}

TEST_CASE("a second file of the same name replaces the first") {
  const test::ScratchFolder folder;
  for (const char* text : {"one", "two"}) {
    auto file = AsideFile::create(folder.path() / "x");
    REQUIRE(file->write(bytes_of(text)));
    REQUIRE(file->commit(folder.path() / "y"));
  }
  CHECK(content(folder.path() / "y") == "two");
}

TEST_CASE("nobody else's unfinished file is taken for one's own") {
  const test::ScratchFolder folder;
  auto first = AsideFile::create(folder.path() / "x");
  REQUIRE(first);
  REQUIRE(first->write(bytes_of("whole")));
  CHECK_FALSE(AsideFile::create(folder.path() / "x"));
  std::ofstream(folder.path() / "mine") << "the user's";
  fs::create_symlink(folder.path() / "mine", folder.path() / "link");
  CHECK_FALSE(AsideFile::create(folder.path() / "link"));
  CHECK(content(folder.path() / "mine") == "the user's");
  REQUIRE(first->commit(folder.path() / "y"));
  CHECK(content(folder.path() / "y") == "whole");
}

TEST_CASE("where the first is to stay, the second can tell, and may still replace it") {
  const test::ScratchFolder folder;
  const fs::path final_name = folder.path() / "images/a";
  auto first = AsideFile::create(folder.path() / "1");
  auto second = AsideFile::create(folder.path() / "2");
  REQUIRE(first->write(bytes_of("first")));
  REQUIRE(second->write(bytes_of("second")));
  CHECK(first->commit_if_first(final_name).value());
  CHECK_FALSE(second->commit_if_first(final_name).value());
  CHECK(content(final_name) == "first");
  REQUIRE(second->commit(final_name));
  CHECK(content(final_name) == "second");
  CHECK_FALSE(fs::exists(folder.path() / "2"));
}

TEST_CASE("failures name the file, and a full disk has its own reason") {
  const test::ScratchFolder folder;
  std::ofstream(folder.path() / "file") << "no folder";
  const auto file = AsideFile::create(folder.path() / "file/x");
  REQUIRE_FALSE(file);
  CHECK(file.error().reason == Reason::io);
  CHECK(file.error().detail.find((folder.path() / "file/x").string()) != std::string::npos);

  CHECK(file_failure(ENOSPC, "cannot write", "x").reason == Reason::disk_full);
  CHECK(file_failure(EDQUOT, "cannot write", "x").reason == Reason::disk_full);
  CHECK(file_failure(EACCES, "cannot write", "x").reason == Reason::io);
  CHECK(file_failure(EFBIG, "cannot write", "x").reason == Reason::disk_full);
  CHECK(file_failure(EFBIG, "cannot write", "x").detail.find("ulimit -f") != std::string::npos);
}

TEST_CASE("too few descriptors are the machine's trouble, and worth another try; a folder that is none is not") {
  CHECK(thumbline::file_failure(EMFILE, "cannot open", "a").transient);
  CHECK(thumbline::file_failure(ENFILE, "cannot open", "a").transient);
  CHECK_FALSE(thumbline::file_failure(ENOTDIR, "cannot open", "a").transient);
  CHECK(thumbline::file_failure(EMFILE, "cannot open", "a").retry_after >
        std::chrono::seconds(10));  // who takes them is gone then
  CHECK(thumbline::file_failure(ENOENT, "cannot open", "a").retry_after == std::chrono::seconds(0));
  CHECK(thumbline::file_failure(EMFILE, "cannot open", "a").reason == thumbline::Reason::io);
}

TEST_CASE("a file that somebody has removed before it had its name is worth another try") {
  const thumbline::test::ScratchFolder folder;
  auto file = thumbline::AsideFile::create(folder.path() / ".partial" / "a");
  REQUIRE(file);
  std::filesystem::remove_all(folder.path() / ".partial");
  const auto committed = file->commit(folder.path() / "images" / "a");
  REQUIRE_FALSE(committed);
  CHECK(committed.error().transient);
}
