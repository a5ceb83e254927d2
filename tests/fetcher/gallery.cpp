#include "tests/fetcher/gallery.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>

namespace thumbline::test {

Gallery::Gallery(int max_side) {
  ProgramRun draw({std::string(THUMBLINE_PROGRAMS) + "/thumbline-draw", folder_.path(), "--count", "16", "--max-side",
                   std::to_string(max_side)},
                  ProgramRun::Lines::printed);
  if (draw.exit_code() != 0) throw std::runtime_error("the gallery's pictures cannot be drawn");
  server_ = std::make_unique<ProgramRun>(std::vector<std::string>{"python3", THUMBLINE_GALLERY, folder_.path()},
                                         ProgramRun::Lines::printed);
  url_ = server_->line_after("listening on");
}

std::vector<std::string> Gallery::names(const std::string& extension) const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    const std::string name = entry.path().filename();
    if (name.ends_with("." + extension)) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

std::string Gallery::bytes(const std::string& name) const {
  return file_bytes(folder_.path() / name);
}

std::string file_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

}  // namespace thumbline::test
