#include "collector/run_report.h"

#include <sstream>

#include "common/base/utf8.h"
#include "tests/catch.h"

using namespace thumbline;

namespace {

RunFigures some_run() {
  RunFigures run;
  run.links = 5000;
  run.done = 4988;
  run.failed = 12;
  run.reasons = {{"http-404", 3}, {"truncated", 1}, {"timeout", 8}};
  run.wall_us = 32'400'000;
  run.fetch = {.pictures = 4989,
               .failed = 11,
               .bytes = 1'400'000'000,
               .worked = 4989,
               .wall_us = 32'000'000,
               .busy_us = 124'000'000,
               .p50_us = 287'000,
               .p95_us = 512'000,
               .p99_us = 1'040'000,
               .max_us = 4'210'000};
  run.resize = {.pictures = 4988,
                .failed = 1,
                .bytes = 20'000'000,
                .worked = 4988,
                .wall_us = 31'900'000,
                .busy_us = 41'000'000,
                .p50_us = 8'200,
                .p95_us = 14'000,
                .p99_us = 21'000,
                .max_us = 130'000};
  return run;
}

}  // namespace

TEST_CASE("the report has a row for each stage, why links failed, the sum, and where everything is") {
  CHECK(run_report(some_run(), "out", 7, 0) ==
        "stage      images failed images/s  busy time    p50    p95    p99 slowest\n"
        "---------- ------ ------ -------- ---------- ------ ------ ------ -------\n"
        "download    4 989     11      156 2 min 04 s 287 ms 512 ms 1.04 s  4.21 s\n"
        "thumbnails  4 988      1      156     41.0 s 8.2 ms  14 ms  21 ms  130 ms\n"
        "\n"
        "failed: 8 timeout, 3 http-404, 1 truncated\n"
        "results.csv says which; --retry-failed tries them again\n"
        "5 000 links in 32.4 s: 4 988 done, 12 failed, 7 repeated; 1.40 GB downloaded\n"
        "out: images/, thumbnails/, results.csv, summary.json, ledger.sqlite\n");
}

TEST_CASE("what is from earlier runs is said to be") {
  CHECK(run_report(some_run(), "out", 0, 1'000).find("1 000 of these links had their outcome from earlier runs\n") !=
        std::string::npos);
  CHECK(run_report(some_run(), "out", 0, 5'000).find("nothing was left to do") != std::string::npos);
}

TEST_CASE("refused addresses come with the option that allows them") {
  RunFigures run = some_run();
  CHECK(run_report(run, "out", 0, 0).find("--allow-private") == std::string::npos);
  run.reasons["refused-address"] = 2;
  CHECK(run_report(run, "out", 0, 0).find("--allow-private") != std::string::npos);
}

TEST_CASE("a stage that did not run has no row, one that had nothing to do has no times") {
  RunFigures run = some_run();
  run.fetch = {};
  CHECK(run_report(run, "out", 0, 0).find("download") == std::string::npos);
  run = some_run();
  run.fetch.worked = 0;
  const std::string report = run_report(run, "out", 0, 0);
  CHECK(report.find("download     4 989      11         -") != std::string::npos);
  CHECK(run_report(RunFigures{}, "out", 0, 0).starts_with("0 links in "));
  RunFigures pictures;
  pictures.local_pictures = true;
  pictures.links = pictures.done = 1;
  CHECK(run_report(pictures, "out", 0, 0).starts_with("1 picture in "));
}

TEST_CASE("ten million slow links fit into 100 columns") {
  RunFigures run = some_run();
  run.fetch = {.pictures = 9'999'999,
               .failed = 9'999'999,
               .bytes = 999'900'000'000,
               .worked = 9'999'999,
               .wall_us = 1'000'000'000,
               .busy_us = 999 * 3'600'000'000ULL,
               .p50_us = 59'900'000,
               .p95_us = 59'900'000,
               .p99_us = 59'900'000,
               .max_us = 60'000'000};
  for (int status = 400; status < 500; ++status) run.reasons["http-" + std::to_string(status)] = 1'000'000;
  std::istringstream lines(run_report(run, "out", 9'999'999, 0));
  for (std::string line; std::getline(lines, line);) CHECK(columns(line) <= 100);
}
