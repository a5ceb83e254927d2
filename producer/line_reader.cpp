#include "producer/line_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "common/base/program.h"

namespace thumbline {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{64} << 10;

std::string error_text() {
  return std::generic_category().message(errno);
}

}  // namespace

LineReader::LineReader(const std::string& file)
    : name_(file == "-" ? "standard input" : file), fd_(STDIN_FILENO), buffer_(buffer_bytes) {
  if (file == "-") return;
  fd_ = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) throw Stop(ExitCode::bad_usage, "cannot read the list " + file + ": " + error_text());
  struct stat info {};
  if (::fstat(fd_, &info) == 0 && S_ISDIR(info.st_mode)) {
    ::close(fd_);
    throw Stop(ExitCode::bad_usage, "cannot read the list " + file + ": it is a folder");
  }
}

LineReader::~LineReader() {
  if (fd_ != STDIN_FILENO) ::close(fd_);
}

std::optional<LineReader::Line> LineReader::next() {
  line_.clear();
  bool any = false;
  bool is_cut = false;
  while (begin_ != end_ || fill()) {
    any = true;
    const char* from = buffer_.data() + begin_;
    const char* to = buffer_.data() + end_;
    const char* line_end = std::find(from, to, '\n');
    const auto length = static_cast<std::size_t>(line_end - from);
    const std::size_t kept = std::min(length, longest - line_.size());
    line_.append(from, kept);
    is_cut = is_cut || kept < length;
    begin_ += length + (line_end == to ? 0 : 1);
    if (line_end != to) break;
  }
  if (!any) return std::nullopt;
  return Line{line_, ++number_, is_cut};
}

Found LineReader::refused(const Line& line) const {
  constexpr std::size_t shown = 100;
  const std::string number = "line " + std::to_string(line.number);
  // The number tells it from others that begin like it.
  Link link = bad_line(number + ": " + std::string(line.text));
  link.url.resize(std::min(link.url.size(), shown));
  return Found{std::move(link),
               Failure(Reason::bad_link, number + " of " + name_ + " has more than " + std::to_string(longest) + " bytes")};
}

/// False at the end.
bool LineReader::fill() {
  ssize_t got = 0;
  do got = ::read(fd_, buffer_.data(), buffer_.size());
  while (got < 0 && errno == EINTR);
  if (got < 0) {
    throw Stop(ExitCode::cannot_go_on,
               "the list " + name_ + " could not be read to its end: " + error_text() + "; run the same command again");
  }
  begin_ = 0;
  end_ = static_cast<std::size_t>(got);
  return got > 0;
}

}  // namespace thumbline
