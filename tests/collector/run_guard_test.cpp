#include "collector/run_guard.h"

#include <fstream>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;

TEST_CASE("a folder or a ledger that is not where it was is noticed") {
  const test::ScratchFolder scratch;
  const std::filesystem::path folder = scratch / "run";
  const std::filesystem::path ledger = folder / "ledger.sqlite";
  std::filesystem::create_directory(folder);
  std::ofstream(ledger) << "x";
  const RunGuard guard(folder, {ledger});
  CHECK_NOTHROW(guard.check());
  std::filesystem::path named = folder;
  SECTION("the folder was moved") {
    std::filesystem::rename(folder, scratch / "elsewhere");
  }
  SECTION("the folder was moved, and another one made") {
    std::filesystem::rename(folder, scratch / "elsewhere");
    std::filesystem::create_directory(folder);
  }
  SECTION("the folder was removed") {
    std::filesystem::remove_all(folder);
  }
  SECTION("the ledger was removed") {
    std::filesystem::remove(ledger);
    named = ledger;
  }
  SECTION("the ledger was replaced") {
    std::ofstream(scratch / "other") << "y";
    std::filesystem::rename(scratch / "other", ledger);
    named = ledger;
  }
  const Stop stop = test::stop_of([&] { guard.check(); });
  CHECK(stop.code() == ExitCode::cannot_go_on);
  CHECK(std::string(stop.what()).starts_with(named.string() + " was moved"));
}
