#include "collector/lost_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace thumbline {
namespace {

constexpr off_t block = 4096;  // of file systems; no less is written or lost

struct OpenFile {
  explicit OpenFile(const std::filesystem::path& path) : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (fd >= 0) ::close(fd);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd;
};

std::string read_block(int fd, off_t from) {
  std::string bytes(block, '\0');
  const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), from);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

/// Also of nothing.
bool is_zero(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

bool ends_a_picture(std::string_view tail) {
  return tail.ends_with("\xff\xd9") || tail.ends_with(std::string_view("IEND\xae\x42\x60\x82", 8));
}

}  // namespace

bool is_lost(const std::filesystem::path& picture, std::int64_t bytes) {
  const OpenFile file(picture);
  struct stat info {};
  if (file.fd < 0 || ::fstat(file.fd, &info) != 0) return errno == ENOENT;
  // Blocks that never reached the disk are holes; of a file system that knows none, this is the end.
  const off_t hole = ::lseek(file.fd, 0, SEEK_HOLE);
  if (hole >= 0 && hole < info.st_size) return true;
  const off_t last_block = info.st_size > 0 ? (info.st_size - 1) / block * block : 0;
  const std::string tail = read_block(file.fd, last_block);
  return is_zero(read_block(file.fd, 0)) || is_zero(tail) || (info.st_size < bytes && !ends_a_picture(tail));
}

std::vector<LostFiles> lost_files(Ledger& ledger, std::int64_t after_seq, const std::filesystem::path& folder, bool originals) {
  std::vector<LostFiles> all;
  ledger.each_row(
      [&](const LinkRow& row) {
        LostFiles lost{row.id, {}};
        const auto look_at = [&](const std::string& path, std::int64_t bytes) {
          if (!path.empty() && is_lost(folder / path, bytes)) lost.paths.push_back(path);
        };
        if (row.fetch && originals) look_at(row.fetch->image, row.fetch->bytes);
        if (row.resize) look_at(row.resize->thumbnail, row.resize->bytes);
        if (!lost.paths.empty()) all.push_back(std::move(lost));
      },
      after_seq);
  return all;
}

}  // namespace thumbline
