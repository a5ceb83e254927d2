#include "producer/picture_source.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>

#include "common/base/aside_file.h"
#include "common/base/image_kind.h"
#include "common/base/printable.h"
#include "common/base/program.h"
#include "common/base/regular_file.h"
#include "producer/line_source.h"

namespace thumbline {
namespace fs = std::filesystem;
namespace {

/// By its extension or by its first bytes: a broken picture shall be reported, a text beside the pictures shall not.
bool is_picture(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (!extension.empty() && kind_of_extension(std::string_view(extension).substr(1))) return true;
  const Result<int> opened = open_regular(file);
  if (!opened) return false;
  std::array<std::byte, image_kind_bytes> head{};
  const ssize_t length = ::pread(*opened, head.data(), head.size(), 0);
  ::close(*opened);
  return length > 0 && image_kind(std::span(head).first(static_cast<std::size_t>(length))).has_value();
}

/// A line of a list as a path: whole, for a name may have spaces and `#` in it.
std::string_view path_of_line(std::string_view line) {
  line = without_byte_order_mark(line);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Why a path cannot be read; nothing where it can.
std::optional<Failure> trouble_with(const fs::path& file) {
  const Result<int> opened = open_regular(file);
  if (!opened) return opened.error();
  ::close(*opened);
  return std::nullopt;
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
    if (!standard_input && ::access(path.c_str(), R_OK) != 0) {
      throw Stop(ExitCode::bad_usage, "cannot read the pictures of " + path + ": " + std::generic_category().message(errno));
    }
    if (!standard_input && fs::is_regular_file(path, error) && is_picture(path)) {
      files_.emplace_back(path);
    } else {
      lists_.push_back(path);
    }
  }
  places_.emplace(folders_);
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
    return Found{places_->picture(real_path(file)), std::nullopt};
  }
  return next_of_list(stop);
}

std::optional<Found> PictureSource::next_of_folder(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!walk_) {
      if (walked_ == folders_.size()) return std::nullopt;
      walk_.emplace(PicturePlaces::real_path(folders_[walked_] / "."), skip_);
      ++walked_;
    }
    const std::optional<fs::path> file = walk_->next(stop);
    if (!file) {
      unreadable_ += walk_->unreadable();
      walk_.reset();
    } else if (is_picture(*file)) {
      return Found{places_->picture(*file), std::nullopt};
    } else if (others_++ == 0) {
      other_ = file->string();
    }
  }
  return std::nullopt;
}

std::optional<Found> PictureSource::next_of_list(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!list_) {
      if (lists_.empty()) return std::nullopt;
      list_.emplace(lists_.front());
      lists_.pop_front();
    }
    const std::optional<LineReader::Line> line = list_->next();
    if (!line) {
      list_.reset();
      continue;
    }
    if (line->is_cut) return list_->refused(*line);
    const fs::path path(path_of_line(line->text));
    if (path.empty()) continue;
    const fs::path real = real_path(path);
    return Found{places_->picture(real), trouble_with(real)};
  }
  return std::nullopt;
}

/// Lists have many paths of one folder after the other.
fs::path PictureSource::real_path(const fs::path& file) {
  const fs::path name = file.filename();
  if (name.empty() || name == "." || name == "..") return PicturePlaces::real_path(file);
  if (real_parent_.empty() || file.parent_path() != parent_) {
    parent_ = file.parent_path();
    real_parent_ = PicturePlaces::real_path(file).parent_path();
  }
  return real_parent_ / name;
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
