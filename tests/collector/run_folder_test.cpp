#include "collector/run_folder.h"

#include <filesystem>
#include <fstream>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;

namespace {

ExitCode refused(const std::string& folder) {
  return test::stop_of([&] { const RunFolder held(folder); }).code();
}

}  // namespace

TEST_CASE("the folder is made where it is missing") {
  const test::ScratchFolder scratch;
  const RunFolder folder(scratch / "a/b");
  CHECK(std::filesystem::is_directory(scratch / "a/b"));
}

TEST_CASE("a folder is held by one alone, and free again afterwards") {
  const test::ScratchFolder scratch;
  {
    const RunFolder folder(scratch / "run");
    CHECK(refused(scratch / "run") == ExitCode::cannot_go_on);
  }
  CHECK_NOTHROW(RunFolder(scratch / "run"));
}

TEST_CASE("pictures can be removed, and nothing else") {
  const test::ScratchFolder scratch;
  const RunFolder folder(scratch / "run");
  for (const char* name : {"run/images/a.jpg", "run/thumbnails/a/b.jpg", "run/ledger.sqlite", "outside"}) {
    std::filesystem::create_directories(std::filesystem::path(scratch / name).parent_path());
    std::ofstream(scratch / name) << "x";
  }
  for (const std::string& path :
       {std::string("images/a.jpg"), std::string("thumbnails/a/b.jpg"), std::string("thumbnails/../ledger.sqlite"),
        std::string("ledger.sqlite"), std::string("../outside"), std::string("images/../ledger.sqlite"), scratch / "outside",
        std::string("images/.."), std::string("images/none")}) {
    folder.remove_picture(path);
  }
  CHECK_FALSE(std::filesystem::exists(scratch / "run/images/a.jpg"));
  CHECK_FALSE(std::filesystem::exists(scratch / "run/thumbnails/a/b.jpg"));
  for (const char* name : {"run/ledger.sqlite", "outside"}) CHECK(std::filesystem::exists(scratch / name));
}

TEST_CASE("what cannot be a folder is bad usage") {
  const test::ScratchFolder scratch;
  std::ofstream(scratch / "file") << "text";
  CHECK(refused(scratch / "file") == ExitCode::bad_usage);
  CHECK(refused(scratch / "file/below") == ExitCode::bad_usage);
  CHECK(refused("/proc/nothing") == ExitCode::bad_usage);
}

TEST_CASE("a file appears when it is whole, and one that was there stays until then") {
  const test::ScratchFolder scratch;
  const RunFolder folder(scratch.path());
  std::ofstream(scratch / "summary.json") << "old";
  CHECK_THROWS_AS(folder.write("summary.json",
                               [](const RunFolder::Append& append) {
                                 append("half");
                                 throw std::runtime_error("no more");
                               }),
                  std::runtime_error);
  CHECK(test::content(scratch / "summary.json") == "old");
  std::string all;
  folder.write("summary.json", [&](const RunFolder::Append& append) {
    for (int i = 0; i < 100'000; ++i) {
      append("line\n");
      all += "line\n";
    }
  });
  CHECK(test::content(scratch / "summary.json") == all);
  CHECK_FALSE(std::filesystem::exists(scratch / ".summary.json.part"));
}

TEST_CASE("files that no run has made are not replaced") {
  const test::ScratchFolder scratch;
  for (const char* name : {"results.csv", "summary.json"}) {
    std::ofstream(scratch / name) << "the user's";
    const Stop stop = test::stop_of([&] { RunFolder{scratch.path()}; });
    CHECK(stop.code() == ExitCode::bad_usage);
    CHECK(std::string(stop.what()).find(name) != std::string::npos);
    std::ofstream(scratch / ".thumbline") << "{}";  // the launcher knows that they are its own
    CHECK_NOTHROW(RunFolder{scratch.path()});
    std::filesystem::remove(scratch / ".thumbline");
    std::filesystem::remove(scratch / name);
  }
}
