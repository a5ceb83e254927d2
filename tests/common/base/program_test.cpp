#include "common/base/program.h"

#include <unistd.h>

#include <array>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("whatever a program throws becomes its exit code") {
  CHECK(run_program("p", [] { return ExitCode::ok; }) == 0);
  CHECK(run_program("p", []() -> ExitCode { throw Stop(ExitCode::ok, ""); }) == 0);
  CHECK(run_program("p", []() -> ExitCode { throw Stop(ExitCode::bad_usage, "no such option"); }) == 2);
  CHECK(run_program("p", []() -> ExitCode { throw std::runtime_error("the disk is gone"); }) == 3);
}

TEST_CASE("announcements are a line each on the launcher's descriptor") {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  ProgramOptions options;
  announce(options, "links", "tcp://unheard");
  options.announce_fd = pipe[1];
  announce(options, "links", "tcp://127.0.0.1:1");
  announce(options, "ready", "-");
  ::close(pipe[1]);
  std::array<char, 200> text{};
  const ssize_t length = ::read(pipe[0], text.data(), text.size());
  ::close(pipe[0]);
  CHECK(std::string(text.data(), static_cast<std::size_t>(length)) == "links tcp://127.0.0.1:1\nready -\n");
}

TEST_CASE("a worker's name tells its process") {
  CHECK(worker_name().ends_with(":" + std::to_string(::getpid())));
}
