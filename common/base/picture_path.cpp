#include "common/base/picture_path.h"

namespace thumbline {

std::string picture_path(std::string_view name, ImageKind kind) {
  std::string path("images/");
  path.append(name).append(1, '.').append(extension(kind));
  return path;
}

bool is_picture_path(std::string_view path, std::string_view name) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || name.empty()) return false;
  const auto kind = kind_of_extension(path.substr(dot + 1));
  return kind && path == picture_path(name, *kind);
}

}  // namespace thumbline
