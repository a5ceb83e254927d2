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
  CHECK(parse({"--images", "list", "--size", "64"}).settings() == "resize 64x64 inside same");
}

TEST_CASE("the settings name what else is not as usual, so that a folder from before these options can be continued") {
  CHECK(parse({"--links", "l", "--enlarge", "--quality", "30", "--progressive", "--background", "#102030", "--tolerate",
               "truncated"})
            .settings() == "run 128x128 inside same enlarge quality 30 progressive background #102030 tolerate truncated");
  CHECK(parse({"--links", "l", "--tolerate", "damaged"}).settings() == "run 128x128 inside same tolerate damaged");
  CHECK(parse({"--images", "d", "--quality", "100"}).settings() == "resize 128x128 inside same quality 100");
  CHECK(parse({"--links", "l", "--quality", "85", "--background", "white"}).settings() == "run 128x128 inside same");
  CHECK(parse({"--links", "l", "--fetch-only", "--quality", "30"}).settings() == "fetch");
}

TEST_CASE("a colour may be written in several ways") {
  CHECK(parse({"--links", "l"}).recipe.background == 0xFF'FF'FF);
  const auto background = [](const char* text) { return parse({"--links", "l", "--background", text}).recipe.background; };
  CHECK(background("#102030") == 0x10'20'30);
  CHECK(background("#AbCdEf") == 0xAB'CD'EF);
  CHECK(background("#18c") == 0x11'88'CC);
  CHECK(background("#000000") == 0);
  CHECK(background("black") == 0);
  CHECK(background("white") == 0xFF'FF'FF);
  CHECK(parse({"--links", "l", "--background", "#fff"}).settings() == parse({"--links", "l"}).settings());
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
  for (const char* quality : {"0", "101", "-1", "85.5", "good", ""})
    CHECK(is_bad_usage({"--links", "l", "--quality", quality}));
  for (const char* colour :
       {"", "#", "#12", "#1234", "#12345", "#1234567", "#12345g", "#-12345", "102030", "#+12", "red", "WHITE"})
    CHECK(is_bad_usage({"--links", "l", "--background", colour}));
  CHECK(is_bad_usage({"--links", "l", "--tolerate", "corrupt"}));
  CHECK(is_bad_usage({"--links", "l", "--tolerate", ""}));
  CHECK(is_bad_usage({"--links", "l", "--window", "0"}));
}

TEST_CASE("a window of any size can be filled") {
  const ProducerOptions options = parse({"--links", "l", "--window", "20000"});
  LeaseBook book(options.rules);
  std::size_t out = 0;
  for (Link link; book.has_room() && out < options.rules.window; book.published(Moment{})) {
    link.id = ++out;
    book.add(link);
    REQUIRE(book.next(Moment{}));
  }
  CHECK(out == 20'000);
}
