#include "fetcher/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdio>

#include "common/base/picture_path.h"

namespace thumbline {
namespace {

constexpr std::size_t longest_name = 240;  // of the 255 bytes that Linux allows; a thumbnail's suffix has to fit, too

/// The kind of the file by its bytes, and its size; nothing where it cannot be read or is no picture.
std::optional<std::pair<ImageKind, std::uint64_t>> look_at(const std::filesystem::path& file) {
  int fd = -1;
  do fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) return std::nullopt;
  std::array<std::byte, image_kind_bytes> head{};
  struct stat info {};
  ssize_t length = -1;
  do length = ::read(fd, head.data(), head.size());
  while (length < 0 && errno == EINTR);
  const bool known = length > 0 && ::fstat(fd, &info) == 0;
  ::close(fd);
  if (!known) return std::nullopt;
  const auto kind = image_kind(std::span(head).first(static_cast<std::size_t>(length)));
  if (!kind) return std::nullopt;
  return std::pair(*kind, static_cast<std::uint64_t>(info.st_size));
}

}  // namespace

Store::Store(const std::string& folder) : folder_(folder) {
  if (!folder_.ends_with('/')) folder_ += '/';
}

bool Store::is_file_name(std::string_view name) {
  constexpr std::string_view forbidden("/\0", 2);
  return !name.empty() && name.size() <= longest_name && name.front() != '.' &&
         name.find_first_of(forbidden) == std::string_view::npos;
}

std::string Store::picture_path(std::string_view name, ImageKind kind) {
  return thumbline::picture_path(name, kind);
}

std::filesystem::path Store::aside_path(std::uint64_t id) const {
  std::array<char, 17> hex{};
  std::snprintf(hex.data(), hex.size(), "%016" PRIx64, id);
  return aside().fresh(hex.data());
}

std::optional<StoredPicture> Store::find(std::string_view name) const {
  for (const ImageFormat& format : image_formats()) {
    const std::string path = picture_path(name, format.kind);
    const auto found = look_at(full(path));
    // After a power cut a file may lie there without its bytes.
    if (found && found->first == format.kind) return StoredPicture{path, found->second};
  }
  return std::nullopt;
}

Store::Mark Store::mark(std::string_view name) const {
  Mark there;
  if (is_exclusive()) return there;
  for (const ImageFormat& format : image_formats()) {
    struct stat info {};
    if (::lstat(full(picture_path(name, format.kind)).c_str(), &info) != 0) continue;
    // Renaming a file changes st_ctim, not st_mtim.
    there.emplace_back(info.st_ino, info.st_ctim.tv_sec * 1'000'000'000 + info.st_ctim.tv_nsec);
  }
  return there;
}

std::optional<StoredPicture> Store::changed_since(const Mark& mark, std::string_view name) const {
  const Mark there = this->mark(name);
  const bool changed =
      std::ranges::any_of(there, [&](const auto& file) { return std::ranges::find(mark, file) == mark.end(); });
  return changed ? find(name) : std::nullopt;
}

}  // namespace thumbline
