#include "common/base/bounded_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>

#include "common/base/program.h"

namespace thumbline {

BoundedLog::BoundedLog(std::string file, std::uint64_t most) : file_(std::move(file)), most_(most) {
  open();
  if (fd_ >= 0) return;
  throw Stop(ExitCode::cannot_go_on, "cannot write the log " + file_ + ": " + std::generic_category().message(errno) +
                                         (errno == ELOOP ? " (it is a link)" : ""));
}

BoundedLog::~BoundedLog() {
  if (fd_ >= 0) ::close(fd_);
}

void BoundedLog::open() {
  fd_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
}

void BoundedLog::sink_it_(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t line;
  formatter_->format(message, line);
  make_room();
  // A log that cannot be written is no reason to end; what counts is in the ledger.
  [[maybe_unused]] const auto written = ::write(fd_, line.data(), line.size());
}

/// The launcher writes to the same file, and may have begun a new one.
void BoundedLog::make_room() {
  struct stat ours {};
  struct stat named {};
  if (::fstat(fd_, &ours) != 0 || !S_ISREG(ours.st_mode)) return;  // as /dev/null
  const bool is_named = ::lstat(file_.c_str(), &named) == 0;
  const bool moved = is_named && (named.st_ino != ours.st_ino || named.st_dev != ours.st_dev);
  if (!moved && static_cast<std::uint64_t>(ours.st_size) < most_) return;
  if (!moved && is_named) {
    const std::string stem = file_.ends_with(".log") ? file_.substr(0, file_.size() - 4) : file_;
    const std::string first = stem + ".first.log";
    const bool began = ::lstat(first.c_str(), &named) != 0;
    if (std::rename(file_.c_str(), (began ? first : stem + ".before.log").c_str()) != 0) return;
  }
  const int before = fd_;
  open();
  if (fd_ < 0) {
    fd_ = before;
  } else {
    ::close(before);
  }
}

}  // namespace thumbline
