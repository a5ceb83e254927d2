#include "common/base/bounded_log.h"

#include <spdlog/logger.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;

namespace {

std::string content(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a log keeps its beginning and its end, and no more than that") {
  const test::ScratchFolder scratch;
  const std::string file = scratch / "fetcher-1.log";
  constexpr std::uint64_t most = 10'000;
  {
    spdlog::logger logger("test", std::make_shared<BoundedLog>(file, most));
    for (int line = 0; line < 5000; ++line) logger.info("line {}", line);
  }
  const std::string first = content(scratch / "fetcher-1.first.log");
  const std::string before = content(scratch / "fetcher-1.before.log");
  const std::string last = content(file);
  CHECK(first.find("line 0\n") != std::string::npos);
  CHECK(last.ends_with("line 4999\n"));
  CHECK_FALSE(before.empty());
  for (const std::string& part : {first, before, last}) CHECK(part.size() < most + 200);
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 3);
}

TEST_CASE("a log is appended to, also by a process that was started again, and followed where it gets another name") {
  const test::ScratchFolder scratch;
  const std::string file = scratch / "a.log";
  { spdlog::logger("test", std::make_shared<BoundedLog>(file)).info("one"); }
  spdlog::logger logger("test", std::make_shared<BoundedLog>(file));
  logger.info("two");
  CHECK(content(file).find("one") != std::string::npos);
  std::filesystem::rename(file, scratch / "a.first.log");
  std::ofstream(file) << "of the launcher\n";
  logger.info("three");
  CHECK(content(file).starts_with("of the launcher\n"));
  CHECK(content(file).find("three") != std::string::npos);
}

TEST_CASE("a log is not written through a link") {
  const test::ScratchFolder scratch;
  std::ofstream(scratch / "precious") << "text";
  std::filesystem::create_symlink(scratch / "precious", scratch / "a.log");
  CHECK_THROWS_AS(BoundedLog(scratch / "a.log"), Stop);
  CHECK(content(scratch / "precious") == "text");
}
