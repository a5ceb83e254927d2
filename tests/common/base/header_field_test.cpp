#include "common/base/header_field.h"

#include <stdlib.h>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("fields that may be sent") {
  for (const char* field :
       {"X-Key: value", "x:y", "Accept: image/png,*/*;q=0.1", "Referer: https://a.example/", "X:\ty z ", "X-Name: \xc3\xa4"}) {
    INFO(field);
    CHECK(fault_of_header(field).empty());
  }
}

TEST_CASE("fields that may not") {
  for (const char* field :
       {"", "X", "X;", "X: ", ": y", "X Y: z", "X: a\r\nY: b", "X: a\nb", "X: \x01", "\xc3\xa4: x", "X : y"}) {
    INFO(field);
    CHECK(fault_of_header(field) == "wanted is 'Name: value'");
  }
  for (const char* field : {"Host: a.example", "CONTENT-LENGTH: 5", "Range: bytes=0-9", "If-None-Match: x", "Connection: close",
                            "Transfer-Encoding: chunked", "Proxy-Authorization: Basic x"}) {
    INFO(field);
    CHECK_FALSE(fault_of_header(field).empty());
  }
}

TEST_CASE("fields of the environment stand on lines") {
  ::setenv("THUMBLINE_HEADERS", "\nX: a\n\nY: b, c", 1);
  CHECK(headers_of_environment() == std::vector<std::string>{"X: a", "Y: b, c"});
  ::unsetenv("THUMBLINE_HEADERS");
  CHECK(headers_of_environment().empty());
}
