#include "common/base/boot_id.h"

#include <cstdlib>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("a boot has one id, which tests may choose") {
  const std::string id = boot_id();
  CHECK_FALSE(id.empty());
  CHECK(boot_id() == id);
  ::setenv("THUMBLINE_BOOT_ID", "another", 1);
  CHECK(boot_id() == "another");
  ::unsetenv("THUMBLINE_BOOT_ID");
}
