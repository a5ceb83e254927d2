#include "common/base/aside_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <system_error>

#include "common/base/aside_file.h"

namespace thumbline {

void AsideFolder::sweep(std::chrono::seconds older) const {
  std::error_code error;
  if (!std::filesystem::is_directory(path_, error)) return;
  const auto young = AsideFile::create(path_ / ("now-" + std::to_string(::getpid())));
  struct stat now {};
  if (!young || ::fstat(young->fd(), &now) != 0) return;
  for (const auto& entry : std::filesystem::directory_iterator(path_, error)) {
    struct stat info {};
    if (::lstat(entry.path().c_str(), &info) != 0) continue;
    if (now.st_mtime - info.st_mtime > older.count()) std::filesystem::remove(entry.path(), error);
  }
}

void AsideFolder::remove_if_empty() const {
  ::rmdir(path_.c_str());  // std::filesystem::remove would also take a link away
}

}  // namespace thumbline
