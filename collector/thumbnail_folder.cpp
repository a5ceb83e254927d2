#include "collector/thumbnail_folder.h"

#include <algorithm>
#include <span>

#include "common/base/aside_file.h"
#include "common/base/aside_folder.h"

namespace thumbline {

bool ThumbnailFolder::is_below(const std::string& path) {
  const std::filesystem::path parts(path);
  if (parts.empty() || *parts.begin() != "thumbnails" || std::distance(parts.begin(), parts.end()) < 2) return false;
  if (path.find('\0') != std::string::npos) return false;
  return std::ranges::none_of(parts, [](const auto& part) { return part.empty() || part == "." || part == ".."; });
}

Result<void> ThumbnailFolder::keep(std::uint64_t link, const std::string& path, const std::string& bytes) const {
  auto file = AsideFile::create(AsideFolder(folder_).fresh(std::to_string(link) + "-home"));
  if (!file) return tl::unexpected(file.error());
  if (auto written = file->write(std::as_bytes(std::span(bytes))); !written) return written;
  return file->commit(folder_ / path);
}

}  // namespace thumbline
