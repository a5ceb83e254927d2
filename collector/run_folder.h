#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace thumbline {

/// The folder of a run, held for this process alone.
class RunFolder {
 public:
  /// Makes the folder where it is missing. Throws Stop with `bad_usage` where it cannot be made or written, and where it has
  /// files that no run has made and this one would replace, with `cannot_go_on`
  /// where another collector holds it.
  explicit RunFolder(std::filesystem::path folder);
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return folder_ / name; }

  /// Removes a picture that is not whole: images/NAME.EXT, or a file below thumbnails/. Nothing happens where it is not there,
  /// or where that is no such path.
  void remove_picture(const std::string& path) const;

  using Append = std::function<void(std::string_view)>;
  /// Writes a file that appears when it is whole: `body` hands its text over piece by piece. Throws Stop where that fails.
  void write(const std::string& name, const std::function<void(const Append&)>& body) const;

 private:
  void check_files() const;

  std::filesystem::path folder_;
  int lock_ = -1;
};

}  // namespace thumbline
