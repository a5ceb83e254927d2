#include "common/base/command_line.h"

#include <array>
#include <string>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("wrong command lines are bad usage, and the message says where to look") {
  CLI::App app;
  ProgramOptions options;
  add_program_options(app, options);
  const std::array<const char*, 2> unknown{"p", "--nonsense"};
  try {
    parse_command_line(app, 2, unknown.data());
    FAIL("it was taken");
  } catch (const Stop& stop) {
    CHECK(stop.code() == ExitCode::bad_usage);
    CHECK(std::string(stop.what()).find("--help") != std::string::npos);
  }
}

TEST_CASE("help is asked for, not an error") {
  CLI::App app;
  ProgramOptions options;
  add_program_options(app, options);
  const std::array<const char*, 2> help{"p", "--help"};
  try {
    parse_command_line(app, 2, help.data());
    FAIL("it went on");
  } catch (const Stop& stop) {
    CHECK(stop.code() == ExitCode::ok);
    CHECK(std::string(stop.what()).empty());
  }
}
