#include "producer/options.h"

#include <array>

#include "tests/catch.h"

using namespace thumbline;

namespace {
ProducerOptions parse(std::vector<const char*> more) {
  std::vector<const char*> all{"thumbline-producer", "--key", "k", "--results", "tcp://h:1", "--receipts", "tcp://h:2"};
  all.insert(all.end(), more.begin(), more.end());
  return parse_producer_options(static_cast<int>(all.size()), all.data());
}
bool is_bad_usage(std::vector<const char*> more) {
  try {
    parse(std::move(more));
  } catch (const Stop& stop) {
    return stop.code() == ExitCode::bad_usage && *stop.what() != '\0';
  }
  return false;
}
}  // namespace

TEST_CASE("the settings that a folder is bound to name the command and the recipe") {
  CHECK(parse({"--links", "l"}).settings() == "run 128x128 inside same");
  CHECK(parse({"--links", "l", "--size", "320x200", "--fit", "cover", "--format", "png"}).settings() ==
        "run 320x200 cover png");
  CHECK(parse({"--links", "l", "--fetch-only"}).settings() == "fetch");
  CHECK(parse({"--images", "d", "--size", "64"}).settings() == "resize 64x64 inside same");
}

TEST_CASE("the longest lease outlasts the longest transfer") {
  CHECK(parse({"--links", "l", "--timeout", "300"}).rules.patience > std::chrono::seconds(300));
}

TEST_CASE("wrong command lines are bad usage with a message") {
  CHECK(is_bad_usage({}));
  CHECK(is_bad_usage({"--links", "l", "--images", "d"}));
  CHECK(is_bad_usage({"--links", "l", "--nonsense"}));
  CHECK(is_bad_usage({"--imgur", "10"}));
  CHECK(is_bad_usage({"--imgur", "0", "--spool", "s"}));
  for (const char* size : {"0", "-1", "12x", "x12", "1x2x3", "wide", "99999", ""})
    CHECK(is_bad_usage({"--links", "l", "--size", size}));
  CHECK(is_bad_usage({"--links", "l", "--fit", "sideways"}));
  CHECK(is_bad_usage({"--links", "l", "--format", "gif"}));
  CHECK(is_bad_usage({"--links", "l", "--window", "0"}));
}
