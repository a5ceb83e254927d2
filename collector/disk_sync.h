#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <vector>

namespace thumbline {

/// Has the kernel write to the disk what it holds of the run's file systems (syncfs(2)). A child process waits for that, for it
/// may take long: a thread in that call could not be ended before, and would hold up the end of the collector.
class DiskSync {
 public:
  /// `folders` that are not there are passed over.
  explicit DiskSync(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)) {}

  [[nodiscard]] bool is_going_on() const { return child_ > 0; }
  /// Begins; nothing happens where one is going on, or where no process can be made.
  void start();
  /// Whether all was written; nothing as long as it is not known. Then another one may start.
  std::optional<bool> result();

 private:
  std::vector<std::filesystem::path> folders_;
  pid_t child_ = -1;
};

}  // namespace thumbline
