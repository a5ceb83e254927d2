#include "common/base/thumbnail_name.h"

#include <algorithm>
#include <filesystem>

namespace thumbline {

std::string thumbnail_path(std::string_view name, std::string_view original_extension, ImageKind kind) {
  const std::filesystem::path below(name);
  const std::filesystem::path folders = original_extension.empty() ? below : below.parent_path();  // there is a picture `...jpg`
  const bool leads_out = below.is_absolute() || std::ranges::find(folders, "..") != folders.end();
  if (name.empty() || leads_out) return {};
  std::string path = "thumbnails/" + std::string(name);
  const std::string suffix = "_thumbnail." + std::string(extension(kind));
  if (original_extension.empty()) return path + suffix;
  // Beside `a` and `a.foo` there may be `a.jpg` and `a.foo.jpg`.
  if (original_extension == ".") return path + "." + std::string(extension(kind)) + suffix;
  // `a.jpg.png` beside `a.jpg`: its short name would be that of the other one's thumbnail as PNG.
  const std::string inner = below.extension().string();
  const bool twofold = !inner.empty() && kind_of_extension(std::string_view(inner).substr(1));
  if (kind_of_extension(original_extension) == kind && !twofold) return path + "_thumbnail." + std::string(original_extension);
  return path + "." + std::string(original_extension) + suffix;
}

}  // namespace thumbline
