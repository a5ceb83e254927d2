#include "producer/picture_source.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <set>
#include <system_error>

#include "common/base/aside_file.h"
#include "common/base/image_kind.h"
#include "common/base/printable.h"
#include "common/base/program.h"
#include "producer/line_source.h"

namespace thumbline {
namespace fs = std::filesystem;
namespace {

/// By its extension or by its first bytes: a broken picture shall be reported, a text beside the pictures shall not.
bool is_picture(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (!extension.empty() && kind_of_extension(std::string_view(extension).substr(1))) return true;
  std::ifstream in(file, std::ios::binary);
  std::array<char, image_kind_bytes> head{};
  in.read(head.data(), head.size());
  return image_kind(std::as_bytes(std::span(head.data(), static_cast<std::size_t>(in.gcount())))).has_value();
}

Found found(const fs::path& file, const fs::path& below) {
  return {picture_file(fs::absolute(file).lexically_normal().string(), below.string()), std::nullopt};
}

/// A path as a place below the thumbnails' folder: neither absolute nor leading out of it.
fs::path as_place(const fs::path& file) {
  fs::path place;
  for (const fs::path& part : file.lexically_normal().relative_path()) {
    if (part != "..") place /= part;
  }
  return place;
}

/// What a folder is called, however it was written: "a/b/", "." ...
fs::path name_of(const fs::path& folder) {
  const fs::path whole = fs::absolute(folder).lexically_normal();
  return whole.has_filename() ? whole.filename() : whole.parent_path().filename();
}

/// A line of a list as a path: whole, for a name may have spaces and `#` in it.
std::string path_of_line(std::string_view line) {
  line = without_byte_order_mark(line);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return std::string(line);
}

/// Why a path cannot be read; nothing where it can.
std::optional<Failure> trouble_with(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return Failure(Reason::not_an_image, path + " is a folder");
  if (::access(path.c_str(), R_OK) == 0) return std::nullopt;
  return file_failure(errno, "cannot open", path);
}

}  // namespace

PictureSource::PictureSource(const std::vector<std::string>& paths, fs::path skip) : skip_(std::move(skip)) {
  for (const std::string& path : paths) {
    named_ += (named_.empty() ? "" : ", ") + (path == "-" ? "standard input" : path);
    std::error_code error;
    const bool standard_input = path == "-";
    if (!standard_input && fs::is_directory(path, error)) {
      const bool again = std::ranges::any_of(folders_, [&](const auto& folder) { return fs::equivalent(folder, path, error); });
      if (!again) folders_.emplace_back(path);
      continue;
    }
    if (!standard_input && !std::ifstream(path, std::ios::binary)) {
      throw Stop(ExitCode::bad_usage, "cannot read the pictures of " + path + ": " + std::generic_category().message(errno));
    }
    if (!standard_input && is_picture(path)) {
      files_.emplace_back(path);
    } else {
      lists_.push_back(path);
    }
  }
  each_below_its_name_ = folders_.size() > 1;
  std::set<fs::path> names;
  for (const fs::path& folder : folders_) {
    if (each_below_its_name_ && !names.insert(name_of(folder)).second) {
      throw Stop(ExitCode::bad_usage, "two of the folders are called " + name_of(folder).string() +
                                          ", and so their thumbnails would be: give each an --out of its own");
    }
  }
}

std::optional<Found> PictureSource::next(std::stop_token stop) {
  auto one = next_of_all(stop);
  if (one) any_ = true;
  return one;
}

std::optional<Found> PictureSource::next_of_all(const std::stop_token& stop) {
  if (auto one = next_of_folder(stop)) return one;
  if (!files_.empty()) {
    const fs::path file = std::move(files_.front());
    files_.pop_front();
    return found(file, as_place(file));
  }
  return next_of_list(stop);
}

std::optional<Found> PictureSource::next_of_folder(const std::stop_token& stop) {
  std::error_code error;
  while (!stop.stop_requested()) {
    if (walk_ == fs::recursive_directory_iterator()) {
      if (folders_.empty()) return std::nullopt;
      root_ = std::move(folders_.front());
      folders_.pop_front();
      if (each_below_its_name_) place_ = name_of(root_);
      walk_ = fs::recursive_directory_iterator(root_, fs::directory_options::skip_permission_denied, error);
      if (error) ++unreadable_;
      continue;
    }
    const fs::directory_entry entry = *walk_;
    const bool hidden = entry.path().filename().string().starts_with('.');
    const bool folder = entry.is_directory(error);
    if (folder && (hidden || fs::equivalent(entry.path(), skip_, error))) walk_.disable_recursion_pending();
    walk_.increment(error);
    if (error) ++unreadable_;
    if (folder || hidden || !entry.is_regular_file(error)) continue;
    if (is_picture(entry.path())) return found(entry.path(), place_ / entry.path().lexically_relative(root_));
    if (others_++ == 0) other_ = entry.path().string();
  }
  return std::nullopt;
}

std::optional<Found> PictureSource::next_of_list(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (list_ == nullptr) {
      if (lists_.empty()) return std::nullopt;
      list_ = lists_.front() == "-" ? std::make_unique<std::istream>(std::cin.rdbuf())
                                    : std::make_unique<std::ifstream>(lists_.front(), std::ios::binary);
      lists_.pop_front();
    }
    if (!std::getline(*list_, line_)) {
      list_.reset();
      continue;
    }
    const std::string path = path_of_line(line_);
    if (path.empty()) continue;
    Found one = found(path, as_place(path));
    one.failure = trouble_with(path);
    return one;
  }
  return std::nullopt;
}

std::string PictureSource::remark() const {
  std::string text;
  if (!any_) text = "there are no pictures in " + named_;
  if (others_ > 0)
    text += (text.empty() ? "" : "; ") + std::string("left out, for they are no pictures: ") + std::to_string(others_) +
            (others_ == 1 ? " file, " : " files, the first of them ") + printable(other_);
  if (unreadable_ > 0) text += (text.empty() ? "" : "; ") + std::to_string(unreadable_) + " folders could not be read";
  return text;
}

}  // namespace thumbline
