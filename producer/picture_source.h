#pragma once
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "producer/folder_walk.h"
#include "producer/line_reader.h"
#include "producer/link_source.h"
#include "producer/picture_places.h"

namespace thumbline {

/// Pictures that are already on this machine, for `resize`: folders (all pictures in them and below, hidden files apart),
/// pictures, and lists of paths (one a line, nothing else in it; "-" is standard input). PicturePlaces says where their
/// thumbnails go.
class PictureSource : public LinkSource {
 public:
  /// `skip` is a folder that is not entered: the thumbnails' own, where they go below the pictures' folder.
  /// Throws Stop (bad_usage) where one of `paths` cannot be read; next() throws one (cannot_go_on) where a list cannot be read
  /// to its end.
  PictureSource(const std::vector<std::string>& paths, std::filesystem::path skip);

  std::optional<Found> next(std::stop_token stop) override;
  [[nodiscard]] std::string remark() const override;

 private:
  std::optional<Found> next_of_all(const std::stop_token& stop);
  std::optional<Found> next_of_folder(const std::stop_token& stop);
  std::optional<Found> next_of_list(const std::stop_token& stop);
  std::filesystem::path real_path(const std::filesystem::path& file);

  std::filesystem::path skip_;
  std::vector<std::filesystem::path> folders_;
  std::deque<std::filesystem::path> files_;
  std::deque<std::string> lists_;
  std::optional<PicturePlaces> places_;
  std::size_t walked_ = 0;  ///< folders
  std::optional<FolderWalk> walk_;
  std::optional<LineReader> list_;
  std::filesystem::path parent_;       ///< of the last path in a list, as it was written,
  std::filesystem::path real_parent_;  ///< and as it is
  std::string named_;                  ///< what was given, for people
  bool any_ = false;                   ///< picture was found
  std::size_t others_ = 0;             ///< files that are no pictures
  std::string other_;                  ///< the first of them
  std::size_t unreadable_ = 0;         ///< folders
};

}  // namespace thumbline
