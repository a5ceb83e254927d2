#include "collector/disk_sync.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <utility>

namespace thumbline {
namespace {

/// In the child: calls the kernel alone, for other threads may have held locks when it was made.
[[noreturn]] void sync_and_end(const std::vector<const char*>& folders) {
  // Sockets, and the lock of the folder, are not to be held any longer than their owner lives.
  ::syscall(SYS_close_range, 0U, std::numeric_limits<unsigned>::max(), 0U);
  ::prctl(PR_SET_NAME, "thumbline-sync");
  bool all_written = true;
  for (const char* folder : folders) {
    const int fd = ::open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) continue;
    all_written = fd >= 0 && ::syncfs(fd) == 0 && all_written;
    if (fd >= 0) ::close(fd);
  }
  ::_exit(all_written ? 0 : 1);
}

}  // namespace

void DiskSync::start() {
  if (is_going_on()) return;
  std::vector<const char*> folders;
  for (const auto& folder : folders_) folders.push_back(folder.c_str());
  child_ = ::fork();
  if (child_ == 0) sync_and_end(folders);
}

std::optional<bool> DiskSync::result() {
  if (!is_going_on()) return std::nullopt;
  int status = 0;
  const pid_t ended = ::waitpid(child_, &status, WNOHANG);
  if (ended == 0) return std::nullopt;
  child_ = -1;
  return ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace thumbline
