#include "common/net/workplace.h"

#include "common/base/program.h"
#include "common/base/store_id.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
using thumbline::test::ScratchFolder;

namespace {

struct Run {
  Run() {
    places.set_store(make_store_id(folder.path(), fresh_store_id()).value());
    places.set_folder(folder.path().string());
  }
  ScratchFolder folder;
  wire::Places places;
};

ExitCode code_of(const wire::Places& places, const std::string& folder) {
  try {
    find_workplace(places, folder);
  } catch (const Stop& stop) {
    return stop.code();
  }
  return ExitCode::ok;
}

}  // namespace

TEST_CASE("a worker works in the run's folder where it sees it, at the head's path or at one of its own") {
  const Run run;
  const ScratchFolder elsewhere;
  const std::filesystem::path link = elsewhere.path() / "seen-here";
  std::filesystem::create_directory_symlink(run.folder.path(), link);
  for (const std::string& given : {std::string(), link.string()}) {
    const Workplace place = find_workplace(run.places, given);
    CHECK(place.shared);
    CHECK(place.store == run.places.store());
    CHECK(place.folder == (given.empty() ? run.places.folder() : given));
  }
}

TEST_CASE("another folder is refused where hosts share one") {
  Run run;
  const ScratchFolder other;
  CHECK(code_of(run.places, other.path().string()) == ExitCode::bad_usage);
  CHECK(code_of(run.places, other / "not-there") == ExitCode::bad_usage);
  const Run another;
  CHECK(code_of(run.places, another.folder.path().string()) == ExitCode::bad_usage);
  run.places.set_folder(other / "not-there");
  CHECK(code_of(run.places, "") == ExitCode::bad_usage);
}

TEST_CASE("where hosts need not share a folder, a worker works in one of its own, and keeps it") {
  Run run;
  run.places.set_local(true);
  const ScratchFolder other;
  const Workplace place = find_workplace(run.places, other / "mine");
  CHECK_FALSE(place.shared);
  CHECK(place.folder == other / "mine");
  CHECK_FALSE(place.store.empty());
  CHECK(place.store != run.places.store());
  CHECK(find_workplace(run.places, other / "mine").store == place.store);
}
