#include "common/base/crash_point.h"

#include <set>
#include <string>

#include "tests/catch.h"

using thumbline::crash_point;
using thumbline::CrashPoint;
using thumbline::name_of;

TEST_CASE("each crash point has a name of its own, which says whose it is") {
  std::set<std::string> names;
  for (int point = 0; point <= static_cast<int>(CrashPoint::collector_before_farewell); ++point) {
    const std::string name(name_of(static_cast<CrashPoint>(point)));
    CAPTURE(name);
    CHECK(names.insert(name).second);
    const std::string program = name.substr(0, name.find(':'));
    CHECK(std::set<std::string>{"producer", "fetcher", "resizer", "collector"}.count(program) == 1);
  }
  CHECK(name_of(CrashPoint::fetcher_after_rename) == "fetcher:after-rename");
  CHECK(name_of(CrashPoint::resizer_has_path) == "resizer:has-path");
  CHECK(name_of(CrashPoint::collector_has_outcomes) == "collector:has-outcomes");
}

TEST_CASE("nobody dies unless the environment says so") {
  for (int point = 0; point <= static_cast<int>(CrashPoint::collector_before_farewell); ++point)
    crash_point(static_cast<CrashPoint>(point));
}
