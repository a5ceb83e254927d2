#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "common/base/result.h"

namespace thumbline {

/// Where thumbnails lie that come home inside results, from hosts that do not see the run's folder.
class ThumbnailFolder {
 public:
  explicit ThumbnailFolder(std::filesystem::path run_folder) : folder_(std::move(run_folder)) {}

  /// Whether that is a path below thumbnails/, and nothing that leads out of it.
  static bool is_below(const std::string& path);

  /// Writes one under its final name, `path` below the run's folder; one that is there is replaced. Fails with `disk-full` or
  /// `io`.
  [[nodiscard]] Result<void> keep(std::uint64_t link, const std::string& path, const std::string& bytes) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace thumbline
