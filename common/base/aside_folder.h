#pragma once
#include <chrono>
#include <filesystem>
#include <string_view>

namespace thumbline {

/// DIR/.partial, where files of a run's folder lie while they are being written (AsideFile makes it). Whatever a process that
/// was killed leaves behind lies in here.
class AsideFolder {
 public:
  explicit AsideFolder(const std::filesystem::path& run_folder) : path_(run_folder / ".partial") {}

  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

  /// Removes all that nobody has written to for so long, by the clock that gives files their times: it may be another
  /// machine's.
  void sweep(std::chrono::seconds older) const;

  /// Removes the folder itself where it is empty. Somebody who has put a link to another folder in its place keeps that.
  void remove_if_empty() const;

 private:
  std::filesystem::path path_;
};

}  // namespace thumbline
