#include "fetcher/proxy_rule.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <span>

#include "common/base/printable.h"
#include "fetcher/request_url.h"

namespace thumbline {
namespace {

struct Address {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t size = 0;  ///< 4, 16; 0: it is none
};

Address address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const std::string whole(text);
  Address address;
  if (::inet_pton(AF_INET, whole.c_str(), address.bytes.data()) == 1)
    address.size = 4;
  else if (::inet_pton(AF_INET6, whole.c_str(), address.bytes.data()) == 1)
    address.size = 16;
  return address;
}

/// `range`: an address, or ADDRESS/BITS.
bool holds(std::string_view range, const Address& address_of_host) {
  const std::size_t slash = std::min(range.find('/'), range.size());
  const Address start = address(range.substr(0, slash));
  if (start.size == 0 || start.size != address_of_host.size) return false;
  std::size_t bits = start.size * 8;
  if (slash < range.size()) {
    const std::string_view digits = range.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > start.size * 8) return false;
  }
  const std::size_t whole = bits / 8;
  if (!std::equal(start.bytes.begin(), start.bytes.begin() + static_cast<std::ptrdiff_t>(whole), address_of_host.bytes.begin()))
    return false;
  const std::size_t rest = bits % 8;
  return rest == 0 || start.bytes.at(whole) >> (8 - rest) == address_of_host.bytes.at(whole) >> (8 - rest);
}

std::string without_login(const std::string& proxy) {
  const std::size_t at = proxy.rfind('@');
  if (at == std::string::npos) return printable(proxy);
  const std::size_t scheme = proxy.find("://");
  return printable((scheme == std::string::npos ? "" : proxy.substr(0, scheme + 3)) + proxy.substr(at + 1));
}

}  // namespace

ProxyRule::ProxyRule(const std::optional<std::string>& given, const Environment& environment) {
  const auto first_of = [&](std::initializer_list<const char*> names) -> std::string {
    for (const char* name : names) {
      if (const char* const value = environment(name); value != nullptr && *value != '\0') return value;
    }
    return {};
  };
  http_ = given ? *given : first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
  https_ = given ? *given : first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  none_for_ = first_of({"no_proxy", "NO_PROXY"});
}

std::string ProxyRule::proxy_for(const std::string& url) const {
  const std::string& proxy = is_https(url) ? https_ : http_;
  return proxy.empty() || is_listed_host(host_of(url), none_for_) ? "" : proxy;
}

std::string ProxyRule::text() const {
  if (http_ == https_) return without_login(http_);
  std::string text = http_.empty() ? "" : without_login(http_) + " (http)";
  if (!https_.empty()) text += (text.empty() ? "" : ", ") + without_login(https_) + " (https)";
  return text;
}

std::string fault_of_proxy(const std::string& url) {
  constexpr std::array schemes{"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  const std::string whole = url.find("://") == std::string::npos ? "http://" + url : url;
  char* scheme = nullptr;
  const bool is_url = curl_url_set(parsed.get(), CURLUPART_URL, whole.c_str(), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                      curl_url_get(parsed.get(), CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK;
  const bool is_known = is_url && std::ranges::find(schemes, std::string_view(scheme)) != schemes.end();
  curl_free(scheme);
  return is_known ? "" : without_login(url) + ": wanted is [SCHEME://][USER:PASSWORD@]HOST[:PORT], with http, https or socks5h";
}

bool is_listed_host(std::string_view host, std::string_view list) {
  constexpr std::string_view between = ", \t";
  const Address number = address(host);
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(between), list.size());
    std::string entry(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (entry == "*") return true;
    if (number.size != 0) {
      if (holds(entry, number)) return true;
      continue;
    }
    std::ranges::transform(entry, entry.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (entry.starts_with('.')) entry.erase(0, 1);
    if (!entry.empty() && (host == entry || host.ends_with("." + entry))) return true;
  }
  return false;
}

}  // namespace thumbline
