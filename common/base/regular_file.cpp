#include "common/base/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "common/base/aside_file.h"

namespace thumbline {

Result<int> open_regular(const std::filesystem::path& file, Symlinks symlinks) {
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (symlinks == Symlinks::refuse ? O_NOFOLLOW : 0);
  int fd = -1;
  do fd = ::open(file.c_str(), flags);
  while (fd < 0 && errno == EINTR);
  struct stat info {};
  if (fd < 0 && (errno != ENXIO || ::stat(file.c_str(), &info) != 0))
    return tl::unexpected(file_failure(errno, "cannot open", file));
  if (fd >= 0 && ::fstat(fd, &info) != 0) {
    auto failure = file_failure(errno, "cannot read", file);
    ::close(fd);
    return tl::unexpected(std::move(failure));
  }
  if (S_ISREG(info.st_mode)) return fd;
  if (fd >= 0) ::close(fd);
  return failed(Reason::not_an_image,
                file.string() + (S_ISDIR(info.st_mode) ? " is a folder" : " is a FIFO, a device or a socket"));
}

}  // namespace thumbline
