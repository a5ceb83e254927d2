#include "producer/imgur_link.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace thumbline {
namespace {

constexpr std::string_view picture_host = "i.imgur.com";
constexpr std::size_t id_size = 7;
constexpr std::size_t old_id_size = 5;
constexpr std::size_t longest_id = 32;  // more than any has

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_id && std::ranges::all_of(text, is_alphanumeric);
}

bool has_size_of_id(std::string_view id) {
  return id.size() == id_size || id.size() == old_id_size;
}

/// `imgur.com/about` is no picture's page.
bool is_page_of_its_own(std::string_view word) {
  constexpr std::array<std::string_view, 9> pages{"about", "apps",  "emerald", "memegen", "privacy",
                                                  "rules", "store", "topic",   "topics"};
  return std::ranges::find(pages, word) != pages.end();
}

struct FileName {
  std::string_view stem;
  std::string extension;  ///< in lower case, without the dot
};

FileName parts_of(std::string_view file_name) {
  const std::size_t dot = std::min(file_name.rfind('.'), file_name.size());
  std::string extension(file_name.substr(std::min(dot + 1, file_name.size())));
  std::ranges::transform(extension, extension.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return {file_name.substr(0, dot), std::move(extension)};
}

bool is_video(const FileName& file) {
  return file.extension == "gifv" || file.extension == "mp4" || file.extension == "webm";
}

/// What is between the slashes; one at the end counts for nothing.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    segments.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(segments.back().size());
  }
  if (!segments.empty() && segments.back().empty()) segments.pop_back();
  return segments;
}

ImgurLink picture(std::string_view id) {
  Url url;
  url.scheme = "https";
  url.host = picture_host;
  url.path = std::string("/").append(id) + ".jpg";
  return {ImgurLink::Kind::picture, std::string(id), std::move(url)};
}

/// `/ID`, `/ID.ext`, of both hosts.
std::optional<ImgurLink> read_file(const Url& url, std::string_view file_name) {
  const FileName file = parts_of(file_name);
  if (!is_id(file.stem)) return std::nullopt;
  if (is_video(file)) return ImgurLink{ImgurLink::Kind::video, std::string(file.stem), url};
  if (url.host == picture_host) {
    return file.extension.empty() ? picture(file.stem) : ImgurLink{ImgurLink::Kind::picture, std::string(file.stem), url};
  }
  if (file.extension.empty() && (!has_size_of_id(file.stem) || is_page_of_its_own(file.stem))) return std::nullopt;
  return picture(file.stem);
}

ImgurLink album(std::string_view id, const Url& url) {
  return {ImgurLink::Kind::album, std::string(id), url};
}

/// ID of `some-title-ID`, as pages of albums and of the gallery end; empty where there is none.
std::string_view id_of_title(std::string_view title) {
  const std::string_view id = title.substr(title.rfind('-') + 1);
  return is_id(id) && has_size_of_id(id) ? id : std::string_view();
}

}  // namespace

std::optional<ImgurLink> read_imgur_link(const Url& url) {
  const bool is_site = url.host == "imgur.com" || url.host == "www.imgur.com" || url.host == "m.imgur.com";
  if (!url.port.empty() || (!is_site && url.host != picture_host)) return std::nullopt;
  const std::vector<std::string_view> path = segments_of(url.path);
  if (path.size() == 1) return read_file(url, path[0]);
  if (!is_site || path.empty()) return std::nullopt;
  const std::size_t title = path[0] == "a" || path[0] == "gallery" ? 1 : path[0] == "t" || path[0] == "r" ? 2 : path.size();
  if (title >= path.size()) return std::nullopt;
  const std::string_view id = id_of_title(path[title]);
  if (id.empty()) return std::nullopt;
  return path[0] == "a" || id.size() != id_size ? album(id, url) : picture(id);
}

}  // namespace thumbline
