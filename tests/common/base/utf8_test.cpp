#include "common/base/utf8.h"

#include <string>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("well-formed UTF-8 is told from what is not") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("https://example.org/a.jpg"));
  CHECK(is_utf8("é ß 漢 🙂"));
  CHECK(is_utf8("\xf4\x8f\xbf\xbf"));  // U+10FFFF
  const std::string bad = GENERATE(std::string("\x80"), "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                   "\xf8\x88\x80\x80\x80", "a\xff", "\xe6\xbc", std::string("a\0b", 3));
  CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("text is well-formed up to its first byte that is not") {
  CHECK(utf8_prefix("") == 0);
  CHECK(utf8_prefix("a\xc3\xa9") == 3);
  CHECK(utf8_prefix("a\xc3\xa9\xff z") == 3);
  CHECK(utf8_prefix("\xff z") == 0);
  CHECK(utf8_prefix("abc\xe6\xbc") == 3);
  CHECK(utf8_prefix(std::string_view("ab\0c", 4)) == 2);
}

TEST_CASE("bytes that are no UTF-8 are written as in a URL, the others stay") {
  CHECK(as_utf8("caf\xe9/\xc3\xa9") == "caf%E9/é");
  CHECK(as_utf8(std::string("a\0b", 3)) == "a%00b");
  CHECK(as_utf8("\xe6\xbc") == "%E6%BC");
  CHECK(is_utf8(as_utf8("\xff\xfe\xed\xa0\x80")));
}

TEST_CASE("columns count characters, not bytes") {
  CHECK(columns("840 µs · é") == 10);
}
