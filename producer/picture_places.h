#pragma once
#include <filesystem>
#include <vector>

#include "producer/link.h"

namespace thumbline {

/// Which picture a path leads to, and where its thumbnail goes: the one place where that is decided. Both follow from where the
/// picture is alone, not from how its path was written, nor from what else there is; two pictures never get one name.
class PicturePlaces {
 public:
  /// Of the folders that were named each keeps its tree; several of them, below their names. Throws Stop (bad_usage) where two
  /// have one name.
  explicit PicturePlaces(const std::vector<std::filesystem::path>& folders);

  /// `file` is real_path() of a picture.
  ///   in a folder that was named   its place in there; in the outermost one, where one lies in another
  ///   else                         its whole path without the first slash; where folders were named as well, below `@`
  /// So that no tree has an `@` at its top, one that consists of `@` alone gets one more.
  [[nodiscard]] Link picture(const std::filesystem::path& file) const;

  /// The path from / on, without links in its folders, `.` and `..`. A link to a picture is a picture of its own.
  [[nodiscard]] static std::filesystem::path real_path(const std::filesystem::path& file);

 private:
  struct Root {
    std::string begin;            ///< of the paths in it: with a slash at its end
    std::filesystem::path place;  ///< below which its thumbnails go
  };
  std::vector<Root> roots_;  ///< the shortest path first
};

}  // namespace thumbline
