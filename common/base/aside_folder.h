#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace thumbline {

/// DIR/.partial, where files of a run's folder lie while they are being written (AsideFile makes it). Whatever a process that
/// was killed leaves behind lies in here. Files that have other names than fresh() gives are somebody else's, and stay.
class AsideFolder {
 public:
  explicit AsideFolder(const std::filesystem::path& run_folder) : path_(run_folder / ".partial") {}

  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

  /// For a new file: LABEL-HOST-PID-RANDOM-N.part. No other process has that name, on whichever host: two containers may share
  /// the ids of processes, and the name of the host, too. Safe to call from several threads.
  [[nodiscard]] std::filesystem::path fresh(std::string_view label) const;

  /// That name alone, for a file that lies beside its final place: .partial may be a link to another file system.
  static std::string fresh_name(std::string_view label);

  /// Removes all files of such names that nobody has written to for so long, by the clock that gives files their times: it may
  /// be another machine's.
  void sweep(std::chrono::seconds older) const;

  /// Removes the folder itself where it is empty. Somebody who has put a link to another folder in its place keeps that.
  void remove_if_empty() const;

  /// Whether a file of that name is one that fresh() has named.
  static bool is_ours(std::string_view name);

 private:
  std::filesystem::path path_;
};

}  // namespace thumbline
