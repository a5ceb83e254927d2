#include "common/base/store_id.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
using thumbline::test::ScratchFolder;

TEST_CASE("a folder has no id before it gets one, and keeps the first") {
  const ScratchFolder folder;
  CHECK(store_id(folder.path()).empty());
  CHECK(store_id(folder / "not-there").empty());
  CHECK(make_store_id(folder.path(), "abc").value() == "abc");
  CHECK(store_id(folder.path()) == "abc");
  CHECK(make_store_id(folder.path(), "def").value() == "abc");
}

TEST_CASE("the folder is made where it is missing; where it cannot be, that is said") {
  const ScratchFolder folder;
  CHECK(make_store_id(folder.path() / "deep" / "deeper", "abc").value() == "abc");
  std::ofstream(folder / "file") << "in the way";
  CHECK(make_store_id(folder.path() / "file", "abc").error().reason == Reason(Reason::io));
}

TEST_CASE("an id that a power cut has taken is no id, and made again; what somebody has written there stays") {
  const ScratchFolder folder;
  for (const std::string& rest : {std::string(), std::string(33, '\0')}) {
    std::ofstream(folder / ".store-id", std::ios::binary) << rest;
    CHECK(store_id(folder.path()).empty());
    CHECK(make_store_id(folder.path(), "abc").value() == "abc");
    CHECK(make_store_id(folder.path(), "def").value() == "abc");
  }
  std::ofstream(folder / ".store-id") << "my notes: nothing\n";
  CHECK(store_id(folder.path()).empty());
  const auto refused = make_store_id(folder.path(), "abc");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail.find(".store-id") != std::string::npos);
  std::ifstream in(folder / ".store-id");
  std::string text;
  std::getline(in, text);
  CHECK(text == "my notes: nothing");
}
