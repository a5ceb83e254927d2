#include "collector/disk_sync.h"

#include <poll.h>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;

TEST_CASE("file systems are synced while the program goes on, and it is said whether all was written") {
  const test::ScratchFolder scratch;
  DiskSync sync({scratch.path(), scratch.path() / "missing"});
  CHECK_FALSE(sync.result());
  for (int times = 0; times < 2; ++times) {
    sync.start();
    CHECK(sync.is_going_on());
    std::optional<bool> result;
    while (!(result = sync.result())) ::poll(nullptr, 0, 1);
    CHECK(*result);
    CHECK_FALSE(sync.is_going_on());
  }
}

TEST_CASE("what cannot be opened was not written") {
  DiskSync sync({"/proc/self/status"});
  sync.start();
  std::optional<bool> result;
  while (!(result = sync.result())) ::poll(nullptr, 0, 1);
  CHECK_FALSE(*result);
}
