#include "producer/picture_places.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "common/base/program.h"

namespace thumbline {
namespace fs = std::filesystem;
namespace {

constexpr char elsewhere = '@';

/// What a folder is called, however it was written: "a/b/", "." ...
fs::path name_of(const fs::path& folder) {
  const fs::path whole = fs::absolute(folder).lexically_normal();
  return whole.has_filename() ? whole.filename() : whole.parent_path().filename();
}

/// A folder's path without links; what is not there stays as it is written.
fs::path real_folder(const fs::path& folder) {
  std::error_code error;
  const fs::path whole = fs::absolute(folder, error);
  fs::path real = fs::weakly_canonical(whole, error);
  return error ? whole.lexically_normal() : real;
}

}  // namespace

PicturePlaces::PicturePlaces(const std::vector<fs::path>& folders) {
  std::set<fs::path> names;
  for (const fs::path& folder : folders) {
    std::string begin = real_folder(folder).string();
    if (!begin.ends_with('/')) begin += '/';
    if (folders.size() > 1 && !names.insert(name_of(folder)).second) {
      throw Stop(ExitCode::bad_usage, "two of the folders are called " + name_of(folder).string() +
                                          ", and so their thumbnails would be: give each an --out of its own");
    }
    roots_.push_back({std::move(begin), folders.size() > 1 ? name_of(folder) : fs::path()});
  }
  std::ranges::sort(roots_, {}, [](const Root& root) { return root.begin.size(); });
}

Link PicturePlaces::picture(const fs::path& file) const {
  const std::string& path = file.native();
  const auto root = std::ranges::find_if(roots_, [&](const Root& one) { return path.starts_with(one.begin); });
  if (root == roots_.end()) {
    const fs::path place = roots_.empty() ? fs::path() : fs::path(std::string(1, elsewhere));
    return picture_file(path, path, (place / file.relative_path()).string());
  }
  const fs::path below = root->place / path.substr(root->begin.size());
  const bool looks_like_elsewhere = below.begin()->native().find_first_not_of(elsewhere) == std::string::npos;
  std::string place = below.string();
  if (looks_like_elsewhere) place.insert(0, 1, elsewhere);
  return picture_file(path, below.string(), place);
}

fs::path PicturePlaces::real_path(const fs::path& file) {
  const fs::path name = file.filename();
  if (name.empty() || name == "." || name == "..") {  // a folder
    const fs::path real = real_folder(file);
    return real.has_filename() || !real.has_relative_path() ? real : real.parent_path();
  }
  return real_folder(file.has_parent_path() ? file.parent_path() : fs::path(".")) / name;
}

}  // namespace thumbline
