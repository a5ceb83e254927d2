#include "common/base/run_folder_owner.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "common/base/aside_file.h"
#include "common/base/aside_folder.h"

namespace thumbline {
namespace {

struct Entry {
  const char* name;
  bool may_be_link;
};

constexpr std::array entries{
    Entry{"images", true},
    Entry{"thumbnails", true},
    Entry{".partial", true},
    Entry{"logs", true},
    Entry{"ledger.sqlite", false},
    Entry{"results.csv", false},
    Entry{"ledger.sqlite-wal", false},
    Entry{"summary.json", false},
    Entry{"ledger.sqlite-shm", false},
    Entry{"run.key", false},
    Entry{"coordinator.key", false},
    Entry{".store-id", false},
    Entry{".lock", false},
};

using Owners = std::vector<uid_t>;

bool is_one_of(const Owners& trusted, const struct stat& info) {
  return std::ranges::find(trusted, info.st_uid) != trusted.end();
}

/// Some file systems give all files one owner (NFS with squashed users, FAT). `nobody` where nothing can be made there.
uid_t owner_of_new_files(const std::filesystem::path& folder, uid_t nobody) {
  const std::filesystem::path name = folder / AsideFolder::fresh_name(".thumbline");
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return nobody;
  struct stat info {};
  const bool known = ::fstat(file, &info) == 0;
  ::unlink(name.c_str());
  ::close(file);
  return known ? info.st_uid : nobody;
}

Result<void> check_writers(const std::filesystem::path& folder, const struct stat& info) {
  if ((info.st_mode & S_IWOTH) == 0 || (info.st_mode & S_ISVTX) != 0) return {};
  return failed(Reason::io, "all users may write to " + folder.string() + ": change that (chmod o-w), or give another folder");
}

Result<void> check_entry(const std::filesystem::path& path, const Owners& trusted, bool may_be_link) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return {};
  if (!is_one_of(trusted, info)) return failed(Reason::io, path.string() + " belongs to another user: remove it");
  if (S_ISDIR(info.st_mode)) return check_writers(path, info);
  if (!S_ISLNK(info.st_mode)) return {};
  const bool leads_home = may_be_link && ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && is_one_of(trusted, info);
  if (!leads_home) return failed(Reason::io, path.string() + " is a link, and thumbline does not follow it: remove it");
  return check_writers(path, info);
}

}  // namespace

Result<void> check_run_folder_owner(const std::filesystem::path& folder) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return {};
  Owners trusted{0, ::geteuid()};
  if (!is_one_of(trusted, info)) trusted.push_back(owner_of_new_files(folder, ::geteuid()));
  if (!is_one_of(trusted, info)) {
    return failed(Reason::io, folder.string() +
                                  " belongs to another user, who could lead thumbline to other files: work as that "
                                  "user, or give another folder");
  }
  if (auto checked = check_writers(folder, info); !checked) return checked;
  for (const Entry& entry : entries) {
    if (auto checked = check_entry(folder / entry.name, trusted, entry.may_be_link); !checked) return checked;
  }
  return {};
}

}  // namespace thumbline
