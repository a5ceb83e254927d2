#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "common/base/result.h"

namespace thumbline {

/// A file that nobody sees before it is whole: written aside, then renamed to its final name. What is not committed is removed.
/// Survives the death of the process at any moment, not a power cut: nothing is synced to the disk.
class AsideFile {
 public:
  /// Creates `aside` (AsideFolder::fresh() names one), which must not be there yet, and lie in the file system of the final
  /// name; its folder where that is missing.
  static Result<AsideFile> create(const std::filesystem::path& aside);

  AsideFile(AsideFile&& other) noexcept;
  AsideFile& operator=(AsideFile&& other) noexcept;
  AsideFile(const AsideFile&) = delete;
  AsideFile& operator=(const AsideFile&) = delete;
  ~AsideFile();

  /// Appends; fails with `disk-full` or `io`.
  Result<void> write(std::span<const std::byte> bytes);

  /// For a writer that appends by itself; the file stays this object's.
  [[nodiscard]] int fd() const { return fd_; }

  /// All that was written to it; fails with `too-large` beyond `most` bytes.
  [[nodiscard]] Result<std::string> read_back(std::uint64_t most) const;

  /// Gives the file its final name, whose folder is made where it is missing; one that is already there is replaced.
  Result<void> commit(const std::filesystem::path& final_name);

  /// The same, but one that is there already stays: then the result is false, and this file is as it was before.
  Result<bool> commit_if_first(const std::filesystem::path& final_name);

 private:
  AsideFile(int fd, std::filesystem::path aside) : fd_(fd), aside_(std::move(aside)) {}
  void discard();
  Result<void> close();
  template <class Rename>
  Result<bool> commit_by(const std::filesystem::path& final_name, Rename rename);

  int fd_;                       ///< -1 once closed
  std::filesystem::path aside_;  ///< empty once committed
};

/// Writes all of `bytes` to an open file, which messages call `path`; fails with `disk-full` or `io`.
Result<void> write_whole(int file, std::span<const std::byte> bytes, const std::filesystem::path& path);

/// A Failure for what errno says: `disk-full` where no room is left, else `io`.
Failure file_failure(int error, const std::string& doing, const std::filesystem::path& path);

}  // namespace thumbline
