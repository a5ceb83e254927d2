#include "producer/folder_walk.h"

#include <system_error>
#include <utility>

namespace thumbline {
namespace fs = std::filesystem;

FolderWalk::FolderWalk(const fs::path& root, fs::path skip) : skip_(std::move(skip)) {
  enter(root);
}

std::optional<fs::path> FolderWalk::next(const std::stop_token& stop) {
  std::error_code error;
  while (!open_.empty() && !stop.stop_requested()) {
    if (open_.back() == fs::directory_iterator()) {
      open_.pop_back();
      continue;
    }
    const fs::directory_entry entry = *open_.back();
    open_.back().increment(error);  // to the end, where that fails
    if (error) ++unreadable_;
    if (entry.path().filename().native().starts_with('.')) continue;
    if (entry.is_directory(error)) {
      if (!entry.is_symlink(error) && !fs::equivalent(entry.path(), skip_, error)) enter(entry.path());
    } else if (entry.is_regular_file(error)) {
      return entry.path();
    }
  }
  return std::nullopt;
}

void FolderWalk::enter(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) {
    ++unreadable_;
  } else {
    open_.push_back(std::move(entries));
  }
}

}  // namespace thumbline
