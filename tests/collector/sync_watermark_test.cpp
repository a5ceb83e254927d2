#include "collector/sync_watermark.h"

#include <poll.h>

#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;
using namespace std::chrono_literals;

TEST_CASE("rows are known to be on the disk once it was synced, and not before it is time") {
  const test::ScratchFolder scratch;
  Ledger ledger(scratch / "ledger.sqlite", WallTime{});
  ledger.set_synced({"boot", 0, 1'000'000});
  const auto record = [&](std::uint64_t id) { ledger.record(std::vector{link_row(test::done_link(id), 1)}, 1); };
  const auto end = [](SyncWatermark& watermark, Moment now) {
    while (watermark.is_going_on()) {
      ::poll(nullptr, 0, 1);
      watermark.advance(now);
    }
  };
  record(1);
  const Moment start{1s};
  {
    SyncWatermark watermark(ledger, scratch.path(), "boot");
    watermark.advance(start + 29s);
    CHECK_FALSE(watermark.is_going_on());
    watermark.advance(start + 30s);
    CHECK(watermark.is_going_on());
    record(2);  // may be written out, or not
    CHECK(ledger.synced().seq == 0);
    end(watermark, start + 32s);
    CHECK(ledger.synced().seq == 1);
    CHECK(ledger.synced().boot == "boot");
    watermark.advance(start + 61s);
    CHECK_FALSE(watermark.is_going_on());
  }
  SyncWatermark watermark(ledger, scratch.path(), "boot");  // of a process that was started again
  watermark.advance(start + 61s);
  CHECK_FALSE(watermark.is_going_on());
  watermark.advance(start + 62s);
  end(watermark, start + 62s);
  CHECK(ledger.synced().seq == 2);
  watermark.begin_last();
  CHECK_FALSE(watermark.is_going_on());
  record(3);
  watermark.begin_last();
  end(watermark, start + 63s);
  CHECK(ledger.synced().seq == 3);
}
