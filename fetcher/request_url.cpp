#include "fetcher/request_url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace thumbline {
namespace {

bool is_plain(char c) {
  return c > ' ' && c < '\x7f';
}

}  // namespace

std::string request_url(std::string_view link) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const std::size_t scheme = link.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t host_end = std::min(link.find_first_of("/?#", host), link.size());
  std::string url(link.substr(0, host_end));
  for (const char c : link.substr(host_end)) {
    if (is_plain(c)) {
      url += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      url += '%';
      url += digits[byte >> 4U];
      url += digits[byte & 15U];
    }
  }
  return url;
}

std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  char* host = nullptr;
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    return {};
  }
  std::string text(host);
  curl_free(host);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::string printable(std::string_view text) {
  constexpr std::size_t most = 200;
  std::string line(text.substr(0, most));
  std::ranges::replace_if(
      line, [](char c) { return c != ' ' && !is_plain(c); }, '?');
  return line;
}

}  // namespace thumbline
