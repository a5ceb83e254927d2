#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace thumbline {

/// Through which proxy a URL is asked for: one that the user names, or those of the environment, which mean what they mean to
/// curl: `http_proxy` (in lower case alone: a CGI script's HTTP_PROXY comes from its client), `https_proxy`, `all_proxy` and
/// `no_proxy`. Pure.
class ProxyRule {
 public:
  /// The value of an environment variable; null where there is none.
  using Environment = std::function<const char*(const char* name)>;

  /// None.
  ProxyRule() = default;
  /// `given`: the one for all URLs but those of no_proxy; empty: none at all. Without it, those of the environment.
  ProxyRule(const std::optional<std::string>& given, const Environment& environment);

  /// The proxy's URL; empty: the host is asked itself.
  [[nodiscard]] std::string proxy_for(const std::string& url) const;

  /// The proxies for people, without user names and passwords; empty where there are none.
  [[nodiscard]] std::string text() const;

 private:
  std::string http_;
  std::string https_;
  std::string none_for_;
};

/// Why this is no proxy's URL: [SCHEME://][USER:PASSWORD@]HOST[:PORT], with http, https, socks4, socks4a, socks5 or socks5h;
/// empty where it is one.
std::string fault_of_proxy(const std::string& url);

/// Whether `host` is one of a list as in no_proxy: `*`, names (which stand for all below them, too), addresses, and ranges of
/// addresses as in 10.0.0.0/8; between them commas or spaces.
bool is_listed_host(std::string_view host, std::string_view list);

}  // namespace thumbline
