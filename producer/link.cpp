#include "producer/link.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "common/base/image_kind.h"
#include "common/base/link_id.h"
#include "common/base/utf8.h"
#include "producer/imgur_link.h"
#include "producer/pasted_link.h"
#include "producer/url.h"

namespace thumbline {
namespace {

constexpr std::size_t id_digits = 16;
constexpr std::size_t max_name_bytes = 200;  // leaves room for "_thumbnail.jpeg" in the 255 that a file name may have

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view without_extension(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? file_name : file_name.substr(0, dot);
}

/// What of a link's file name a file may be called: no path, nothing hidden, nothing that a shell takes for an option.
std::string safe_stem(std::string_view file_name) {
  std::string stem(without_extension(file_name));
  constexpr std::string_view kept = "-_.%+=,@~";
  for (char& c : stem) {
    const bool utf8 = (static_cast<unsigned char>(c) & 0x80U) != 0;
    if (!utf8 && !is_alphanumeric(c) && kept.find(c) == std::string_view::npos) c = '_';
  }
  constexpr std::size_t most = max_name_bytes - id_digits - 1;
  if (stem.size() > most) {
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(stem[end]) & 0xC0U) == 0x80U) --end;  // not within a UTF-8 character
    stem.resize(end);
  }
  if (stem.empty()) return "picture";
  if (stem.front() == '.' || stem.front() == '-') stem.front() = '_';
  return stem;
}

/// What is behind the last slash; where that is no UTF-8, as it is requested.
std::string file_name_of(const Url& url) {
  const auto of_path = [](const std::string& path) { return path.substr(path.rfind('/') + 1); };
  const std::string name = of_path(url.path);
  if (is_utf8(name)) return name;
  const std::string requested = normal_form(url);
  return of_path(requested.substr(0, requested.find('?')));
}

Result<Url> read_link(std::string_view text) {
  const auto too_long = [] { return failed(Reason::bad_link, "longer than " + std::to_string(max_link_bytes) + " bytes"); };
  if (text.size() > max_link_bytes) return too_long();
  Result<Url> url = read_pasted_link(text).and_then([](const std::string& link) { return read_url(link); });
  if (url && text_of(*url).size() > max_link_bytes) return too_long();
  return url;
}

}  // namespace

Result<Link> parse_link(std::string_view text) {
  const Result<Url> url = read_link(text);
  if (!url) return tl::unexpected(url.error());
  Link link;
  link.url = text_of(*url);
  const std::optional<ImgurLink> imgur = read_imgur_link(*url);
  if (!imgur) {
    link.id = link_id(normal_form(*url));
    link.name = safe_stem(file_name_of(*url)) + "-" + link_id_text(link.id);
    return link;
  }
  switch (imgur->kind) {
    case ImgurLink::Kind::picture: break;
    case ImgurLink::Kind::video: return failed(Reason::unsupported_format, "a video of Imgur's, not a picture");
    case ImgurLink::Kind::album:
      return failed(Reason::not_an_image,
                    "an album of Imgur's is a page: give the links of its pictures, https://i.imgur.com/ID.jpg");
  }
  link.url = text_of(imgur->url);
  link.id = link_id(imgur_identity(imgur->id));
  link.name = imgur->id;
  return link;
}

Link bad_line(std::string_view text) {
  const Result<Url> url = read_link(text);
  Link link;
  link.id = link_id(url ? normal_form(*url) : text);
  link.url = url ? text_of(*url) : std::string(text);
  link.url.resize(std::min(link.url.size(), max_link_bytes));
  return link;
}

Link picture_file(const std::string& source, const std::string& path, const std::string& place) {
  Link link{.id = link_id(file_identity(path)), .url = path, .name = place, .source = source, .extension = "."};
  const std::string extension = std::filesystem::path(place).extension().string();
  if (!extension.empty() && kind_of_extension(std::string_view(extension).substr(1))) {
    link.extension = extension.substr(1);
    link.name.resize(place.size() - extension.size());
  }
  return link;
}

}  // namespace thumbline
