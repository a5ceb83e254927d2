#include "collector/summary.h"

#include <rapidjson/document.h>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("summary.json has the keys that scripts rely on, with the numbers of the run") {
  RunFigures run;
  run.links = 4;
  run.done = 1;
  run.failed = 3;
  run.reasons = {{"http-404", 2}, {"dns", 1}};
  run.attempts = 9;
  run.wall_us = 2'500'000;
  run.fetch = {.pictures = 1,
               .failed = 3,
               .bytes = 5'000'000'000,
               .worked = 1,
               .wall_us = 500'000,
               .busy_us = 287'654,
               .p50_us = 287'654,
               .p95_us = 287'654,
               .p99_us = 287'654,
               .max_us = 287'654};
  rapidjson::Document json;
  json.Parse(summary_json(run).c_str());
  REQUIRE_FALSE(json.HasParseError());
  CHECK(json["links"].GetUint64() == 4);
  CHECK(json["done"].GetUint64() == 1);
  CHECK(json["failed"].GetUint64() == 3);
  CHECK(json["reasons"]["http-404"].GetUint64() == 2);
  CHECK(json["reasons"].MemberCount() == 2);
  CHECK(json["attempts"].GetUint64() == 9);
  CHECK(json["wall_s"].GetDouble() == Approx(2.5));
  const auto& fetch = json["stages"]["fetch"];
  CHECK(fetch["count"].GetUint64() == 1);
  CHECK(fetch["bytes"].GetUint64() == 5'000'000'000);
  CHECK(fetch["wall_s"].GetDouble() == Approx(0.5));
  CHECK(fetch["busy_s"].GetDouble() == Approx(0.287654).epsilon(1e-9));
  for (const char* key : {"p50_ms", "p95_ms", "p99_ms", "max_ms"})
    CHECK(fetch[key].GetDouble() == Approx(287.654).epsilon(1e-9));
  CHECK(json["stages"]["resize"].MemberCount() == fetch.MemberCount());
  CHECK_FALSE(json.HasMember("compare"));
}
