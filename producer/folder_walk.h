#pragma once
#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

namespace thumbline {

/// All files in a folder and below it. Passes over what is hidden, and links to folders. A folder below that cannot be read, or
/// is removed meanwhile, ends itself alone.
class FolderWalk {
 public:
  /// `skip` is not entered.
  FolderWalk(const std::filesystem::path& root, std::filesystem::path skip);

  /// The next regular file, or link to one; nothing at the end, or soon after `stop` was requested.
  std::optional<std::filesystem::path> next(const std::stop_token& stop);

  /// Folders of which not all was seen.
  [[nodiscard]] std::size_t unreadable() const { return unreadable_; }

 private:
  void enter(const std::filesystem::path& folder);

  std::filesystem::path skip_;
  std::vector<std::filesystem::directory_iterator> open_;  ///< those below are in those before
  std::size_t unreadable_ = 0;
};

}  // namespace thumbline
