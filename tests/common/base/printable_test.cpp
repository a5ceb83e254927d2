#include "common/base/printable.h"

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("text from outside becomes one short line of ASCII") {
  CHECK(printable("plain text") == "plain text");
  CHECK(printable("a\r\nb\x1b[31m\xff") == "a??b?[31m?");
  CHECK(printable(std::string(1000, 'x')).size() == 200);
}

TEST_CASE("of visible text nothing is lost, and nothing commands a terminal") {
  CHECK(visible("plain text, café, 日本, 😀") == "plain text, café, 日本, 😀");
  CHECK(visible("a\r\n\t\x1b]0;title\x07\x7f") == "a\\r\\n\\t\\x1b]0;title\\x07\\x7f");
  CHECK(visible("caf\xe9 \xc2") == "caf\\xe9 \\xc2");
  CHECK(visible("\xc2\x9b"
                "31m \xe2\x80\xae \xc0\x9b \xed\xa0\x80") ==
        "\\x9b"
        "31m \\u202e \\xc0\\x9b \\xed\\xa0\\x80");
  CHECK(visible(std::string("\0", 1)) == "\\x00");
}

TEST_CASE("lines stay lines") {
  CHECK(visible_lines("one\ntwo\x1b\n") == "one\ntwo\\x1b\n");
  CHECK(visible_lines("\n\nlast") == "\n\nlast");
}
