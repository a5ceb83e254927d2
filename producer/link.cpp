#include "producer/link.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>

#include "common/base/image_kind.h"
#include "common/base/link_id.h"

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

struct UrlParts {
  std::string scheme;
  std::string host;
  std::string path;
};

Result<UrlParts> split(const std::string& url) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> handle(curl_url(), &curl_url_cleanup);
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER);
  if (code != CURLUE_OK && url.find("://") == std::string::npos) {
    return failed(Reason::bad_link, "a link begins with http:// or https://");
  }
  if (code == CURLUE_USER_NOT_ALLOWED) return failed(Reason::bad_link, "a user name or password in the link");
  if (code != CURLUE_OK) return failed(Reason::bad_link, std::string("not a link: ") + curl_url_strerror(code));
  const auto part = [&](CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(handle.get(), which, &text, 0) != CURLUE_OK) return std::string();
    std::string copy(text);
    curl_free(text);
    return copy;
  };
  std::string host = part(CURLUPART_HOST);
  std::ranges::transform(host, host.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return UrlParts{part(CURLUPART_SCHEME), std::move(host), part(CURLUPART_PATH)};
}

/// ID where the link is `i.imgur.com/ID.ext`.
std::string_view imgur_id(const UrlParts& url) {
  if (url.host != "i.imgur.com" || url.path.size() < 2) return {};
  const std::string_view id = without_extension(std::string_view(url.path).substr(1));
  constexpr std::size_t longest = 32;
  return id.size() <= longest && std::ranges::all_of(id, is_alphanumeric) ? id : std::string_view();
}

}  // namespace

Result<Link> parse_link(std::string_view text) {
  if (text.size() > max_link_bytes) return failed(Reason::bad_link, "longer than " + std::to_string(max_link_bytes) + " bytes");
  text = text.substr(0, text.find('#'));
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; })) {
    return failed(Reason::bad_link, "spaces or control characters within the link");
  }
  Link link;
  link.url = text;
  const Result<UrlParts> url = split(link.url);
  if (!url) return tl::unexpected(url.error());
  if (url->scheme != "http" && url->scheme != "https") return failed(Reason::bad_link, "neither http: nor https:");
  if (url->host.empty()) return failed(Reason::bad_link, "no host");

  if (const std::string_view id = imgur_id(*url); !id.empty()) {
    link.name = id;
    link.id = link_id(imgur_identity(id));
  } else {
    link.id = link_id(link.url);
    link.name = safe_stem(std::string_view(url->path).substr(url->path.rfind('/') + 1)) + "-" + link_id_text(link.id);
  }
  return link;
}

Link bad_line(std::string_view text) {
  Link link;
  link.id = link_id(text);
  link.url = text.substr(0, max_link_bytes);
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
