#include "collector/progress_display.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "common/base/printable.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

// ECMA-48: erase from the cursor to the end of the line.
constexpr const char* erase_rest = "\x1b[K";

}  // namespace

ProgressDisplay::Style ProgressDisplay::fitting(int fd) {
  const char* terminal = std::getenv("TERM");
  const bool can_rewrite = terminal != nullptr && std::string_view(terminal) != "dumb";
  return ::isatty(fd) != 0 && can_rewrite ? Style::terminal : Style::lines;
}

std::chrono::milliseconds ProgressDisplay::interval() const {
  return style_ == Style::terminal ? 100ms : 1000ms;
}

void ProgressDisplay::show(const Progress& progress, Moment now) {
  if (style_ == Style::none || now < next_) return;
  const bool first = next_ == Moment{};
  next_ = now + (style_ == Style::terminal ? 100ms : 5s);
  if (style_ == Style::terminal) {
    std::string text = progress_text(progress, columns_there());
    if (text == shown_) return;
    write("\r" + text + erase_rest);
    shown_ = std::move(text);
  } else {
    // The speed falls when nothing is going on; that alone is no news.
    std::string counts =
        std::to_string(progress.done) + " " + std::to_string(progress.failed) + " " + std::to_string(progress.links);
    if (!first && counts != shown_) write(progress_text(progress, std::numeric_limits<std::size_t>::max()) + "\n");
    shown_ = std::move(counts);
  }
}

void ProgressDisplay::say(const std::string& line) {
  if (style_ == Style::terminal) finish();
  write(visible(line) + "\n");
}

void ProgressDisplay::finish() {
  if (style_ == Style::terminal && !shown_.empty()) {
    write(std::string("\r") + erase_rest);
    shown_.clear();
  }
}

std::size_t ProgressDisplay::columns_there() const {
  winsize size{};
  std::size_t columns = ::ioctl(fd_, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  if (columns == 0) {
    if (const char* text = std::getenv("COLUMNS")) std::from_chars(text, text + std::string_view(text).size(), columns);
  }
  // A line that fills the last column makes some terminals go to the next.
  return (columns == 0 ? 80 : columns) - 1;
}

void ProgressDisplay::write(const std::string& text) const {
  // Nobody can be told when this fails, and the run does not need it.
  [[maybe_unused]] const auto written = ::write(fd_, text.data(), text.size());
}

}  // namespace thumbline
