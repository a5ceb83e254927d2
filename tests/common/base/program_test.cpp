#include "common/base/program.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

#include "common/base/aside_file.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

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

TEST_CASE("a program may open as many files as the system lets it") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit few{std::min<rlim_t>(256, before.rlim_max), before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  prepare_process("test", {});
  rlimit after{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &after) == 0);
  CHECK(after.rlim_cur == before.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_CASE("a file that may not grow any more is an error of the write, not the end of the process") {
  const test::ScratchFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {  // a limit of the whole process
    prepare_process("test", {});
    const rlimit small{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &small);
    auto file = AsideFile::create(folder.path() / "x");
    const std::string text(10'000, 'x');
    const auto written = file ? file->write(std::as_bytes(std::span(text))) : Result<void>{};
    const bool told = !written && written.error().reason == Reason::disk_full;
    ::_exit(told ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("what comes from outside begins no line of a log, and commands no terminal that shows it") {
  const test::ScratchFolder scratch;
  ProgramOptions options;
  options.log_file = scratch / "a.log";
  prepare_process("test", options);
  spdlog::info("{} of {}", "a\x1b[2J", "b\n2026-01-01 all is well");
  prepare_process("test", {});
  std::ifstream log(options.log_file);
  std::string line;
  std::getline(log, line);
  CHECK(line.ends_with(" info: a\\x1b[2J of b\\n2026-01-01 all is well"));
  CHECK_FALSE(std::getline(log, line));
}

TEST_CASE("where too few files may be open a program says so instead of waiting for peers that it cannot let in") {
  const pid_t child = ::fork();
  if (child == 0) {  // a hard limit cannot be raised again
    const rlimit few{40, 40};
    ::setrlimit(RLIMIT_NOFILE, &few);
    ::_exit(run_program("test", [] {
      prepare_process("test", {});
      return ExitCode::ok;
    }));
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == static_cast<int>(ExitCode::cannot_go_on));
}

TEST_CASE("a worker's name tells its process") {
  ProgramOptions named;
  named.name = "left";
  CHECK(worker_name(named).starts_with("left:"));
  CHECK(worker_name({}).ends_with(":" + std::to_string(::getpid())));
}
