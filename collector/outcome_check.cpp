#include "collector/outcome_check.h"

#include <optional>
#include <span>

#include "collector/thumbnail_folder.h"
#include "common/base/image_kind.h"
#include "common/base/picture_path.h"
#include "common/base/reason.h"
#include "common/base/thumbnail_name.h"

namespace thumbline {
namespace {

constexpr std::uint32_t largest_side = 65'535;                  // of a thumbnail, as JPEG has it
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 50;    // of a file
constexpr std::size_t longest_name = 255, longest_path = 4096;  // in bytes, of Linux: NAME_MAX and PATH_MAX

/// Which of the kinds that thumbnails have makes `path` the one of this link.
std::optional<ImageKind> kind_of_thumbnail(const wire::Outcome& outcome, const std::string& path) {
  for (const ImageFormat& format : image_formats()) {
    if (!format.is_encoded() || path.empty()) continue;
    if (path == thumbnail_path(outcome.name(), outcome.extension(), format.kind)) return format.kind;
  }
  return std::nullopt;
}

bool may_exist(std::string_view path) {
  if (path.size() >= longest_path) return false;
  while (path.size() > longest_name) {
    const std::size_t slash = path.substr(0, longest_name + 1).rfind('/');
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
  return true;
}

std::string thumbnail_misfit(const wire::Outcome& outcome) {
  const wire::Resize& resize = outcome.resize();
  const auto kind = kind_of_thumbnail(outcome, resize.path());
  if (!kind) return "its thumbnail is not where that of its name goes";
  if (!may_exist(resize.path())) return "the name of its thumbnail is too long for a file";
  const auto is_side = [](std::uint32_t side) { return side >= 1 && side <= largest_side; };
  if (!is_side(resize.thumbnail_width()) || !is_side(resize.thumbnail_height())) return "no thumbnail is that large or small";
  if (resize.width() == 0 || resize.height() == 0) return "a picture without pixels has a thumbnail";
  if (resize.bytes() == 0 || resize.bytes() > most_bytes) return "no thumbnail has so many bytes";
  const std::string& file = resize.thumbnail();
  if (file.empty()) return {};
  if (!ThumbnailFolder::is_below(resize.path())) return "its thumbnail leads out of its folder";
  if (file.size() != resize.bytes()) return "its thumbnail has another size than it says";
  if (image_kind(std::as_bytes(std::span(file))) != kind) return "its thumbnail is no picture of its kind";
  return {};
}

}  // namespace

Wanted Wanted::by(std::string_view settings) {
  if (settings.starts_with("fetch")) return {true, false};
  if (settings.starts_with("resize")) return {false, true};
  if (settings.starts_with("run")) return {true, true};
  return {};
}

std::string misfit(const wire::Outcome& outcome, Wanted wanted) {
  const std::string& picture = outcome.fetch().path();
  const std::string& thumbnail = outcome.resize().path();
  if (!picture.empty() && !is_picture_path(picture, outcome.name())) return "its picture is not where that of its name goes";
  if (outcome.fetch().bytes() > most_bytes) return "no picture has so many bytes";
  if (!thumbnail.empty() || !outcome.resize().thumbnail().empty()) {
    if (std::string found = thumbnail_misfit(outcome); !found.empty()) return found;
  }
  if (outcome.has_failure()) return {};
  if (wanted.picture && picture.empty()) return "it is done without a picture";
  if (wanted.thumbnail && thumbnail.empty()) return "it is done without a thumbnail";
  return {};
}

void refuse(wire::Outcome& outcome, const std::string& misfit) {
  outcome.clear_fetch();
  outcome.clear_resize();
  outcome.set_handed_back(false);
  wire::Failure& failure = *outcome.mutable_failure();
  failure.Clear();
  failure.set_reason(Reason(Reason::io).text());
  failure.set_detail("a worker's answer does not fit the link: " + misfit);
  failure.set_transient(true);
}

}  // namespace thumbline
