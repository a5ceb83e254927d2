#include "fetcher/request_url.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace thumbline {
namespace {

bool is_plain(char c) {
  return c > ' ' && c < '\x7f' && std::string_view("\"<>[\\]^`{|}").find(c) == std::string_view::npos;
}

/// A URL, as libcurl reads it.
class Parsed {
 public:
  explicit Parsed(const std::string& url) : url_(curl_url(), curl_url_cleanup) {
    curl_url_set(url_.get(), CURLUPART_URL, request_url(url).c_str(), CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME);
  }
  /// Empty where there is none.
  [[nodiscard]] std::string part(CURLUPart which, unsigned flags = 0) const {
    char* text = nullptr;
    if (curl_url_get(url_.get(), which, &text, flags) != CURLUE_OK) return {};
    std::string copy(text);
    curl_free(text);
    return copy;
  }

 private:
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
};

std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

/// Where a URL's path begins; 0 where the reference has no host.
std::size_t end_of_host(std::string_view reference) {
  const std::size_t slash = reference.find_first_of("/?#");
  const bool has_host = slash != std::string_view::npos && reference.substr(slash).starts_with("//") &&
                        (slash == 0 || reference[slash - 1] == ':');
  return has_host ? std::min(reference.find_first_of("/?#", slash + 2), reference.size()) : 0;
}

}  // namespace

std::string request_url(std::string_view link) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const std::size_t host_end = end_of_host(link);
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
  return in_lower_case(Parsed(url).part(CURLUPART_HOST));
}

bool is_https(std::string_view url) {
  return in_lower_case(std::string(url.substr(0, url.find(':')))) == "https";
}

std::string host_and_port_of(const std::string& url) {
  const Parsed parsed(url);
  return in_lower_case(parsed.part(CURLUPART_HOST)) + ":" + parsed.part(CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

bool is_literal_address(std::string_view host_and_port) {
  const std::string host(host_and_port.substr(0, host_and_port.rfind(':')));
  in_addr unused{};
  return host.starts_with('[') || ::inet_pton(AF_INET, host.c_str(), &unused) == 1;
}

std::string origin_of(const std::string& url) {
  return (is_https(url) ? "https://" : "http://") + host_and_port_of(url);
}

}  // namespace thumbline
