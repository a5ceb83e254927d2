#include "collector/run_guard.h"

#include <sys/stat.h>

#include <cerrno>

#include "common/base/program.h"

namespace thumbline {

RunGuard::Watched::Watched(std::filesystem::path path) : path_(std::move(path)) {
  struct stat info {};
  if (::stat(path_.c_str(), &info) != 0) return;
  device_ = info.st_dev;
  inode_ = info.st_ino;
}

bool RunGuard::Watched::is_in_place() const {
  struct stat info {};
  if (::stat(path_.c_str(), &info) == 0) return info.st_dev == device_ && info.st_ino == inode_;
  return errno != ENOENT && errno != ENOTDIR;  // a file server that is away for a moment
}

RunGuard::RunGuard(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& ledger)
    : folder_(folder), ledger_(ledger.begin(), ledger.end()) {}

void RunGuard::check() const {
  if (!folder_.is_in_place()) {
    throw Stop(ExitCode::cannot_go_on, folder_.path() +
                                           " was moved or removed while the run was at work in it; move it back (a new "
                                           "folder of that name has what came since) and run the same command again");
  }
  for (const Watched& file : ledger_) {
    if (file.is_in_place()) continue;
    throw Stop(ExitCode::cannot_go_on, file.path() +
                                           " was moved, removed or replaced while the run was at work; put it back and "
                                           "run the same command again, or give another --out");
  }
}

}  // namespace thumbline
