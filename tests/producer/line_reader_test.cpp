#include "producer/line_reader.h"

#include <fstream>
#include <sstream>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;

TEST_CASE("lines come as they are, whatever their lengths") {
  const test::ScratchFolder folder;
  constexpr std::size_t longest = LineReader::longest;
  std::string text;
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, longest - 1, longest, longest + 1, 3 * longest, std::size_t{7}}) {
    text += std::string(length, static_cast<char>('a' + length % 26)) + "\n";
  }
  text += GENERATE("", "the end");
  std::ofstream(folder / "list", std::ios::binary) << text;
  LineReader lines(folder / "list");
  std::istringstream expected(text);
  std::uint64_t number = 0;
  for (std::string whole; std::getline(expected, whole);) {
    const auto line = lines.next();
    REQUIRE(line);
    CHECK(line->number == ++number);
    CHECK(line->text == whole.substr(0, longest));
    CHECK(line->is_cut == (whole.size() > longest));
  }
  CHECK_FALSE(lines.next());
  CHECK_FALSE(lines.next());
}
