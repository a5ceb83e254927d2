#include "collector/table.h"

#include <sstream>

#include "common/base/utf8.h"
#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("columns stand below each other, whatever the characters take in bytes") {
  CHECK(aligned({{"stage", "p50"}, {"a", "840 µs"}, {"longer name", "2.3 ms"}}) ==
        "stage           p50\n"
        "-----------  ------\n"
        "a            840 µs\n"
        "longer name  2.3 ms\n");
}

TEST_CASE("a table that is too wide for a terminal by a little is set closer") {
  const std::string cell(38, 'x');
  CHECK(aligned({{cell, cell, "ab"}}).find(cell + "  " + cell + "  ab\n") == std::string::npos);
  CHECK(aligned({{cell, cell, "ab"}}).find(cell + " " + cell + " ab\n") == 0);
  CHECK(aligned({{cell, cell}}).find(cell + "  " + cell + "\n") == 0);
}

TEST_CASE("a long list goes on in indented lines") {
  CHECK(wrapped("failed:", {"3 http-404"}, 100) == "failed: 3 http-404\n");
  CHECK(wrapped("failed:", {"3 http-404", "2 dns", "1 truncated"}, 26) ==
        "failed: 3 http-404, 2 dns,\n"
        "  1 truncated\n");
}

TEST_CASE("a list is never wider than it may be, where its parts allow that") {
  const auto width = static_cast<std::size_t>(GENERATE(range(20, 101)));
  std::istringstream lines(wrapped("failed:", std::vector<std::string>(30, "12 http-404"), width));
  for (std::string line; std::getline(lines, line);) CHECK(columns(line) <= width);
}
