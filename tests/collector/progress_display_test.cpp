#include "collector/progress_display.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "common/base/utf8.h"
#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;
using namespace std::chrono_literals;
using Style = ProgressDisplay::Style;

namespace {

/// A file that takes what a display writes.
class Screen {
 public:
  Screen() : fd_(::open((folder_ / "screen").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {}
  ~Screen() { ::close(fd_); }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] std::string text() const { return test::content(folder_ / "screen"); }

 private:
  test::ScratchFolder folder_;
  int fd_;
};

Progress done(std::uint64_t count) {
  Progress progress;
  progress.done = count;
  progress.links = 100;
  return progress;
}

const Moment start = Moment{} + 1h;

}  // namespace

TEST_CASE("a file or pipe gets a plain line every five seconds, if something changed") {
  Screen screen;
  ProgressDisplay display(Style::lines, screen.fd());
  display.show(done(0), start);
  display.show(done(3), start + 1s);
  CHECK(screen.text().empty());
  display.show(done(10), start + 5s);
  display.show(done(10), start + 10s);
  display.show(done(10), start + 15s);
  display.show(done(20), start + 20s);
  CHECK(screen.text() == "done 10 of 100+\ndone 20 of 100+\n");
}

TEST_CASE("a terminal's line is written in its place, at most ten times a second, and taken away at the end") {
  Screen screen;
  {
    ProgressDisplay display(Style::terminal, screen.fd());
    display.show(done(1), start);
    display.show(done(2), start + 50ms);
    display.show(done(3), start + 100ms);
    CHECK(screen.text() == "\rdone 1 of 100+\x1b[K\rdone 3 of 100+\x1b[K");
  }
  CHECK(screen.text().ends_with("\r\x1b[K"));
  CHECK(screen.text().find('\n') == std::string::npos);
}

TEST_CASE("the line fits the terminal, its last column left free") {
  ::setenv("COLUMNS", "14", 1);
  Screen screen;
  ProgressDisplay display(Style::terminal, screen.fd());
  display.show(done(1), start);
  ::unsetenv("COLUMNS");
  CHECK(screen.text() == "\rdone 1\x1b[K");
}

TEST_CASE("a remark stays, also where no progress is shown") {
  Screen screen;
  {
    ProgressDisplay display(Style::terminal, screen.fd());
    display.show(done(1), start);
    display.say("the gallery has no more");
  }
  CHECK(screen.text() == "\rdone 1 of 100+\x1b[K\r\x1b[Kthe gallery has no more\n");
  Screen quiet;
  ProgressDisplay display(Style::none, quiet.fd());
  display.show(done(1), start);
  display.show(done(50), start + 10s);
  display.say("the gallery has no more");
  CHECK(quiet.text() == "the gallery has no more\n");
}

TEST_CASE("what is no terminal gets lines") {
  const Screen screen;
  CHECK(ProgressDisplay::fitting(screen.fd()) == Style::lines);
}
