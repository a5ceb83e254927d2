#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/aside_folder.h"
#include "common/base/image_kind.h"
#include "common/base/store_id.h"

namespace thumbline {

/// A picture that lies in the store.
struct StoredPicture {
  std::string path;  ///< below the run's folder: "images/NAME.jpg"
  std::uint64_t bytes = 0;
};

/// Where the pictures of a run lie: DIR/images/NAME.EXT, and while they come in, DIR/.partial. Safe to use from several
/// threads.
class Store {
 public:
  explicit Store(const std::string& folder);

  /// While a store is exclusive, no other process brings pictures into it. Any store is shared at first.
  void set_exclusive(bool exclusive) { exclusive_.store(exclusive, std::memory_order_relaxed); }

  /// Whether `name` is safe as the name of a file: no path, not hidden, not too long.
  static bool is_file_name(std::string_view name);

  /// "images/NAME.EXT", below the folder.
  static std::string picture_path(std::string_view name, ImageKind kind);

  /// Of the folder; empty where it has none.
  [[nodiscard]] std::string id() const { return store_id(folder_); }

  /// `path` as it is to be opened.
  [[nodiscard]] std::filesystem::path full(const std::string& path) const { return folder_ + path; }

  /// A file name that nobody else writes to: .partial/ID-... (AsideFolder::fresh()), ID in 16 hexadecimal digits.
  [[nodiscard]] std::filesystem::path aside_path(std::uint64_t id) const;

  /// The picture of this name, if an earlier attempt left it here whole.
  [[nodiscard]] std::optional<StoredPicture> find(std::string_view name) const;

  /// Which files have this name now, so that changed_since() can tell. In an exclusive store none is looked for.
  using Mark = std::vector<std::pair<std::uint64_t, std::int64_t>>;  ///< of each, inode and time of its last change
  [[nodiscard]] Mark mark(std::string_view name) const;
  /// The picture of this name, where it was brought here after mark(): by another fetcher that was given the same link. No
  /// clock is asked: that of the files may be another machine's. Nothing while the store is exclusive; of one that was when the
  /// mark was made, whatever is there counts.
  [[nodiscard]] std::optional<StoredPicture> changed_since(const Mark& mark, std::string_view name) const;

  /// Where its pictures lie while they come in.
  [[nodiscard]] AsideFolder aside() const { return AsideFolder(folder_); }

 private:
  [[nodiscard]] bool is_exclusive() const { return exclusive_.load(std::memory_order_relaxed); }

  std::string folder_;  ///< ends with a slash
  std::atomic<bool> exclusive_ = false;
};

}  // namespace thumbline
