#include "producer/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <optional>

#include "producer/pasted_link.h"

namespace thumbline {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_unreserved(char c) {
  return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// What a path may have, by its octet; a query may have `?`, too (RFC 3986, 3.3 and 3.4).
constexpr auto plain = [] {
  std::array<bool, 256> table{};
  for (const unsigned char c :
       std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/")) {
    table.at(c) = true;
  }
  return table;
}();

bool is_plain(char c) {
  return plain[static_cast<unsigned char>(c)];
}

char in_lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::optional<unsigned> hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = in_lower_case(c);
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

/// The octet that is encoded at `at` as %XX.
std::optional<char> encoded_octet(std::string_view text, std::size_t at) {
  if (text[at] != '%' || at + 2 >= text.size()) return std::nullopt;
  const auto high = hex_value(text[at + 1]);
  const auto low = hex_value(text[at + 2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high << 4U | *low);
}

void append_encoded(std::string& to, char octet) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(octet);
  to += '%';
  to += digits[byte >> 4U];
  to += digits[byte & 15U];
}

/// With octets encoded where they have to be, and nowhere else.
std::string normal_encoding(std::string_view text, bool is_query) {
  const auto begin = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
  std::string normal(text.substr(0, begin));
  for (std::size_t at = begin; at < text.size(); ++at) {
    const char c = text[at];
    if (const auto octet = encoded_octet(text, at)) {
      is_unreserved(*octet) ? void(normal += *octet) : append_encoded(normal, *octet);
      at += 2;
    } else if (is_plain(c) || c == '%' || (is_query && c == '?')) {
      normal += c;
    } else {
      append_encoded(normal, c);
    }
  }
  return normal;
}

/// RFC 3986, 5.2.4, of a path that is empty or begins with `/`.
std::string without_dot_segments(std::string whole) {
  if (!whole.empty() && whole.find("/.") == std::string::npos) return whole;
  std::string kept;
  std::string_view path = whole;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    if (segment == "/." || segment == "/..") {
      if (segment == "/..") kept.resize(kept.empty() ? 0 : kept.rfind('/'));
      if (path.empty()) kept += '/';
    } else {
      kept += segment;
    }
  }
  return kept.empty() ? "/" : kept;
}

void set_authority(Url& url, std::string_view authority) {
  const std::size_t bracket = authority.starts_with('[') ? std::min(authority.find(']'), authority.size()) : 0;
  const std::size_t colon = std::min(authority.find(':', bracket), authority.size());
  std::ranges::transform(authority.substr(0, colon), std::back_inserter(url.host), in_lower_case);
  std::string_view port = authority.substr(std::min(colon + 1, authority.size()));
  while (port.size() > 1 && port.front() == '0') port.remove_prefix(1);
  if (port != (url.scheme == "https" ? "443" : "80")) url.port = port;
}

std::string server_of(const Url& url) {
  return url.scheme + "://" + url.host + (url.port.empty() ? "" : ":") + url.port;
}

}  // namespace

Result<Url> read_url(std::string_view text) {
  Url url;
  const std::size_t colon = std::min(text.find("://"), text.size());
  std::ranges::transform(text.substr(0, colon), std::back_inserter(url.scheme), in_lower_case);
  if (url.scheme != "http" && url.scheme != "https") return failed(Reason::bad_link, "neither http: nor https:");
  text = text.substr(0, text.find('#')).substr(std::min(colon + 3, text.size()));
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  const std::string_view target = text.substr(authority.size());
  if (authority.find('@') != std::string_view::npos) {
    return failed(Reason::bad_link, "a user name or password in the link");
  }
  set_authority(url, authority);
  if (url.host.empty()) return failed(Reason::bad_link, "no host");
  if (without_outer_space(url.host) != url.host) return failed(Reason::bad_link, "white space around the host");
  url.path = target.substr(0, target.find('?'));
  url.query = target.substr(url.path.size());

  const std::unique_ptr<CURLU, void (*)(CURLU*)> handle(curl_url(), &curl_url_cleanup);
  // Whatever path and query are, they will be encoded.
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, server_of(url).c_str(), CURLU_DISALLOW_USER);
  if (code != CURLUE_OK) return failed(Reason::bad_link, std::string("not a link: ") + curl_url_strerror(code));
  return url;
}

std::string text_of(const Url& url) {
  return server_of(url) + url.path + url.query;
}

std::string normal_form(const Url& url) {
  return server_of(url) + without_dot_segments(normal_encoding(url.path, false)) +
         (url.query.size() > 1 ? normal_encoding(url.query, true) : "");
}

}  // namespace thumbline
