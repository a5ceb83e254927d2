#include "common/base/aside_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace thumbline {
namespace {

// Others remove the folder of unfinished files where it is empty, perhaps right after it was made.
constexpr int most_attempts = 5;

/// Calls `attempt` (which returns false and sets errno), and again with the folder of `path` made where that was missing.
template <class Attempt>
bool with_folder(const std::filesystem::path& path, Attempt attempt) {
  for (int left = most_attempts; !attempt(); --left) {
    if (errno != ENOENT || left == 1) return false;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) {
      errno = error.value();
      return false;
    }
  }
  return true;
}

/// rename() that replaces nothing; where there is a file of that name, errno is EEXIST.
bool rename_if_first(const char* from, const char* to) {
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  // A file system that does not know this, as NFS, has links; one that has neither (FAT) is left with a look before.
  if (::link(from, to) == 0) {
    ::unlink(from);
    return true;
  }
  if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK && errno != ENOSYS) return false;
  if (::access(to, F_OK) == 0) {
    errno = EEXIST;
    return false;
  }
  return std::rename(from, to) == 0;
}

}  // namespace

Failure file_failure(int error, const std::string& doing, const std::filesystem::path& path) {
  const bool limited = error == EFBIG;  // of the process, with SIGXFSZ ignored, or of the file system
  const bool full = error == ENOSPC || error == EDQUOT || limited;
  Failure failure{full ? Reason::disk_full : Reason::io, doing + " " + path.string() + ": " +
                                                             std::generic_category().message(error) +
                                                             (limited ? ", by the file size limit (ulimit -f)" : "")};
  if (error == EMFILE || error == ENFILE || error == ENOMEM) {  // it is the machine's, not the file's
    failure.transient = true;
    // Strangers who take descriptors by beginning a handshake are cut off after 10 s (Network).
    failure.retry_after = std::chrono::seconds(12);
  }
  return failure;
}

Result<void> write_whole(int file, std::span<const std::byte> bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return tl::unexpected(file_failure(errno, "cannot write", path));
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<AsideFile> AsideFile::create(const std::filesystem::path& aside) {
  int fd = -1;
  const bool open = with_folder(aside, [&] {
    do fd = ::open(aside.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    while (fd < 0 && errno == EINTR);
    return fd >= 0;
  });
  if (!open) return tl::unexpected(file_failure(errno, "cannot create", aside));
  return AsideFile(fd, aside);
}

AsideFile::AsideFile(AsideFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), aside_(std::exchange(other.aside_, {})) {}

AsideFile& AsideFile::operator=(AsideFile&& other) noexcept {
  if (this != &other) {
    discard();
    fd_ = std::exchange(other.fd_, -1);
    aside_ = std::exchange(other.aside_, {});
  }
  return *this;
}

AsideFile::~AsideFile() {
  discard();
}

void AsideFile::discard() {
  if (fd_ >= 0) ::close(fd_);
  if (!aside_.empty()) ::unlink(aside_.c_str());
}

Result<std::string> AsideFile::read_back(std::uint64_t most) const {
  const off_t size = ::lseek(fd_, 0, SEEK_END);
  if (size < 0) return tl::unexpected(file_failure(errno, "cannot read", aside_));
  if (static_cast<std::uint64_t>(size) > most) {
    return failed(Reason::too_large, "it has " + std::to_string(size) + " bytes, more than can travel");
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  for (std::size_t have = 0; have < bytes.size();) {
    const ssize_t got = ::pread(fd_, bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return tl::unexpected(file_failure(got < 0 ? errno : EIO, "cannot read", aside_));
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<void> AsideFile::write(std::span<const std::byte> bytes) {
  return write_whole(fd_, bytes, aside_);
}

Result<void> AsideFile::close() {
  // Some file systems say only on close that the disk is full. After EINTR, Linux has closed it (close(2)).
  if (fd_ >= 0 && ::close(std::exchange(fd_, -1)) != 0 && errno != EINTR) {
    return tl::unexpected(file_failure(errno, "cannot write", aside_));
  }
  return {};
}

/// `rename` gives the file its name, or sets errno; EEXIST: there is one.
template <class Rename>
Result<bool> AsideFile::commit_by(const std::filesystem::path& final_name, Rename rename) {
  if (auto closed = close(); !closed) return tl::unexpected(closed.error());
  if (!with_folder(final_name, [&] {
        bool done = false;
        do done = rename(aside_.c_str(), final_name.c_str());
        while (!done && errno == EINTR);
        return done;
      })) {
    if (errno == EEXIST) return false;
    const bool is_gone = errno == ENOENT;
    Failure failure = file_failure(errno, "cannot rename to", final_name);
    failure.transient = failure.transient || is_gone;  // somebody has tidied up under our hands
    return tl::unexpected(std::move(failure));
  }
  aside_.clear();
  return true;
}

Result<void> AsideFile::commit(const std::filesystem::path& final_name) {
  const auto done = commit_by(final_name, [](const char* from, const char* to) { return std::rename(from, to) == 0; });
  if (!done) return tl::unexpected(done.error());
  if (!*done) return tl::unexpected(file_failure(EEXIST, "cannot rename to", final_name));
  return {};
}

Result<bool> AsideFile::commit_if_first(const std::filesystem::path& final_name) {
  return commit_by(final_name, rename_if_first);
}

}  // namespace thumbline
