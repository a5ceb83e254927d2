#include "common/base/printable.h"

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("text from outside becomes one short line of ASCII") {
  CHECK(printable("plain text") == "plain text");
  CHECK(printable("a\r\nb\x1b[31m\xff") == "a??b?[31m?");
  CHECK(printable(std::string(1000, 'x')).size() == 200);
}
