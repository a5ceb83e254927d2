#include "common/base/aside_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

namespace thumbline {

void AsideFolder::sweep(WallTime before) const {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path_, error)) {
    struct stat info {};
    if (::lstat(entry.path().c_str(), &info) != 0) continue;
    if (std::chrono::system_clock::from_time_t(info.st_mtime) < before) std::filesystem::remove(entry.path(), error);
  }
}

void AsideFolder::remove_if_empty() const {
  ::rmdir(path_.c_str());  // std::filesystem::remove would also take a link away
}

}  // namespace thumbline
