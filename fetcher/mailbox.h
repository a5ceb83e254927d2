#pragma once
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

namespace thumbline {

/// Hands things from several threads to one that polls: fd() is readable while something is in it.
template <class T>
class Mailbox {
 public:
  Mailbox() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  ~Mailbox() { ::close(fd_); }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  [[nodiscard]] int fd() const { return fd_; }

  /// Leaves `things` empty.
  void put(std::vector<T>& things) {
    const std::lock_guard lock(mutex_);
    const bool was_empty = things_.empty();
    things_.insert(things_.end(), std::make_move_iterator(things.begin()), std::make_move_iterator(things.end()));
    things.clear();
    if (was_empty) signal();
  }

  /// Makes fd() readable though nothing is put in.
  void wake() {
    const std::lock_guard lock(mutex_);
    signal();
  }

  /// Takes everything.
  std::vector<T> take() {
    const std::lock_guard lock(mutex_);
    if (is_readable_) {
      eventfd_t count = 0;
      ::eventfd_read(fd_, &count);
      is_readable_ = false;
    }
    return std::exchange(things_, {});
  }

 private:
  void signal() {
    if (!is_readable_) ::eventfd_write(fd_, 1);
    is_readable_ = true;
  }

  int fd_;
  bool is_readable_ = false;
  std::mutex mutex_;
  std::vector<T> things_;
};

}  // namespace thumbline
