#pragma once
#include <deque>
#include <filesystem>
#include <memory>
#include <vector>

#include "producer/link_source.h"

namespace thumbline {

/// Pictures that are already on this machine, for `resize`: folders (all pictures in them and below, hidden files apart),
/// pictures, and lists of paths (one a line, nothing else in it; "-" is standard input). Of several folders each keeps its own
/// name.
class PictureSource : public LinkSource {
 public:
  /// `skip` is a folder that is not entered: the thumbnails' own, where they go below the pictures' folder.
  /// Throws Stop (bad_usage) where one of `paths` cannot be read.
  PictureSource(const std::vector<std::string>& paths, std::filesystem::path skip);

  std::optional<Found> next(std::stop_token stop) override;
  [[nodiscard]] std::string remark() const override;

 private:
  std::optional<Found> next_of_all(const std::stop_token& stop);
  std::optional<Found> next_of_folder(const std::stop_token& stop);
  std::optional<Found> next_of_list(const std::stop_token& stop);

  std::filesystem::path skip_;
  std::deque<std::filesystem::path> folders_;
  std::deque<std::filesystem::path> files_;
  std::deque<std::string> lists_;
  bool each_below_its_name_ = false;  ///< where there are several, and files of one name may be in each
  std::filesystem::path root_;        ///< of the folder that is being walked
  std::filesystem::path place_;       ///< below which its pictures' thumbnails go
  std::filesystem::recursive_directory_iterator walk_;
  std::unique_ptr<std::istream> list_;
  std::string line_;
  std::string named_;           ///< what was given, for people
  bool any_ = false;            ///< picture was found
  std::size_t others_ = 0;      ///< files that are no pictures
  std::string other_;           ///< the first of them
  std::size_t unreadable_ = 0;  ///< folders
};

}  // namespace thumbline
