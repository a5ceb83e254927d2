#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace thumbline {

/// Notices that the folder of a run, or its ledger, is not where it was: what is written by name from then on goes elsewhere.
class RunGuard {
 public:
  /// `ledger`: the file, and what lies beside it (the write-ahead log). All are there.
  RunGuard(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& ledger);

  /// Throws Stop (`cannot_go_on`) where one of them was moved, removed or replaced.
  void check() const;

 private:
  class Watched {
   public:
    Watched(std::filesystem::path path);  // NOLINT(google-explicit-constructor): made of a list of them
    [[nodiscard]] bool is_in_place() const;
    [[nodiscard]] std::string path() const { return path_.string(); }

   private:
    std::filesystem::path path_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
  };

  Watched folder_;
  std::vector<Watched> ledger_;
};

}  // namespace thumbline
