#include "producer/pasted_link.h"

#include <algorithm>
#include <array>
#include <utility>

namespace thumbline {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// White space of ASCII and Unicode, and what has no width: U+00A0, U+2000 to U+200D, U+2028, U+2029, U+202F, U+2060, U+3000,
/// U+FEFF.
constexpr std::array<std::string_view, 27> spaces{" ",
                                                  "\t",
                                                  "\r",
                                                  "\n",
                                                  "\v",
                                                  "\f",
                                                  "\xc2\xa0",
                                                  "\xe2\x80\x80",
                                                  "\xe2\x80\x81",
                                                  "\xe2\x80\x82",
                                                  "\xe2\x80\x83",
                                                  "\xe2\x80\x84",
                                                  "\xe2\x80\x85",
                                                  "\xe2\x80\x86",
                                                  "\xe2\x80\x87",
                                                  "\xe2\x80\x88",
                                                  "\xe2\x80\x89",
                                                  "\xe2\x80\x8a",
                                                  "\xe2\x80\x8b",
                                                  "\xe2\x80\x8c",
                                                  "\xe2\x80\x8d",
                                                  "\xe2\x80\xa8",
                                                  "\xe2\x80\xa9",
                                                  "\xe2\x80\xaf",
                                                  "\xe2\x81\xa0",
                                                  "\xe3\x80\x80",
                                                  "\xef\xbb\xbf"};

/// Marks where a line may be broken, which web pages put into long links: U+200B, U+2060, U+FEFF.
constexpr std::array<std::string_view, 3> invisible{"\xe2\x80\x8b", "\xe2\x81\xa0", "\xef\xbb\xbf"};

constexpr std::array<Pair, 7> wrappers{{{"<", ">"},
                                        {"\"", "\""},
                                        {"'", "'"},
                                        {"`", "`"},
                                        {"\xe2\x80\x9c", "\xe2\x80\x9d"},
                                        {"\xe2\x80\x98", "\xe2\x80\x99"},
                                        {"\xc2\xab", "\xc2\xbb"}}};

/// What other schemes are, for whoever wonders why the link was not downloaded.
constexpr std::array<Pair, 9> other_schemes{{
    {"ftp", "FTP is not supported, only http: and https:"},
    {"ftps", "FTP is not supported, only http: and https:"},
    {"sftp", "SFTP is not supported, only http: and https:"},
    {"data", "a data: link holds the picture itself, there is nothing to download"},
    {"file", "a file of this machine; thumbnails of files are made by resize --images"},
    {"s3", "an object of an S3 store; give its https: link"},
    {"gs", "an object of a Google Cloud store; give its https: link"},
    {"blob", "a blob: link exists only within the browser that made it"},
    {"javascript", "a script, not a link"},
}};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view unwrapped(std::string_view text) {
  for (bool again = true; again;) {
    text = without_outer_space(text);
    again = text.ends_with(',');
    if (again) text.remove_suffix(1);
    for (const auto& [open, close] : wrappers) {
      if (text.size() < open.size() + close.size() || !text.starts_with(open) || !text.ends_with(close)) continue;
      text = text.substr(open.size(), text.size() - open.size() - close.size());
      again = true;
    }
  }
  return text;
}

std::string without_invisible(std::string_view text) {
  std::string visible(text);
  for (const std::string_view mark : invisible) {
    for (std::size_t at = visible.find(mark); at != std::string::npos;
         at = visible.find(mark, at - std::min<std::size_t>(at, 2))) {
      visible.erase(at, mark.size());  // what is left may be another one, where the text is no UTF-8
    }
  }
  return visible;
}

/// Without what is around a link, and its fragment.
std::string bare_link(std::string_view text) {
  const std::string visible = without_invisible(text);
  const std::string_view link = unwrapped(visible);
  return std::string(unwrapped(link.substr(0, link.find('#'))));
}

/// Whether it is `host/...` or `host:port/...`, with a host that looks like one of the Internet.
bool begins_with_host(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  std::string_view host = text.substr(0, slash);
  if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, is_digit)) return false;
    host = host.substr(0, colon);
  }
  const auto is_of_host = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || (static_cast<unsigned char>(c) & 0x80U) != 0;
  };
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || !std::ranges::all_of(host, is_of_host)) return false;
  const std::string_view last = host.substr(dot + 1);  // a top-level domain, or the end of an IPv4 address
  const bool is_address =
      std::ranges::count(host, '.') == 3 && std::ranges::all_of(host, [](char c) { return is_digit(c) || c == '.'; });
  return is_address || (last.size() >= 2 && !std::ranges::all_of(last, is_digit));
}

/// In lower case, without the colon; empty where there is none (RFC 3986, 3.1).
std::string scheme_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.empty() || !is_letter(text.front())) return {};
  std::string scheme(text.substr(0, colon));
  const auto is_of_scheme = [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; };
  if (!std::ranges::all_of(scheme, is_of_scheme)) return {};
  std::ranges::transform(scheme, scheme.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return scheme;
}

Result<std::string> with_scheme(std::string_view text) {
  if (begins_with_host(text)) return std::string("https://").append(text);
  if (text.starts_with("//")) return failed(Reason::bad_link, "begins with //, without a scheme: put https: in front");
  const std::string scheme = scheme_of(text);
  if (scheme.empty()) return failed(Reason::bad_link, "a link begins with http:// or https://");
  if (scheme != "http" && scheme != "https") {
    const auto known = std::ranges::find(other_schemes, std::string_view(scheme), &Pair::first);
    return failed(Reason::bad_link, known == other_schemes.end() ? "neither http: nor https:" : std::string(known->second));
  }
  std::string_view rest = text.substr(scheme.size() + 1);
  if (!rest.starts_with('/')) return failed(Reason::bad_link, scheme + ": without // behind it");
  for (int slashes = 0; slashes < 3 && rest.starts_with('/'); ++slashes) rest.remove_prefix(1);  // as libcurl and browsers do
  return (scheme + "://").append(rest);
}

}  // namespace

std::string_view without_outer_space(std::string_view text) {
  const auto is_seen = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!text.empty() && is_seen(text.front()) && is_seen(text.back())) return text;  // nearly all
  const auto strip = [&text](std::string_view space) {
    const bool before = text.starts_with(space);
    if (before) text.remove_prefix(space.size());
    const bool behind = text.ends_with(space);
    if (behind) text.remove_suffix(space.size());
    return before || behind;
  };
  while (std::ranges::any_of(spaces, strip)) {
  }
  return text;
}

Result<std::string> read_pasted_link(std::string_view text) {
  const std::string link = bare_link(text);
  if (std::ranges::any_of(link, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; })) {
    return failed(Reason::bad_link, "a tab or control character within the link");
  }
  if (link.find(" http://") != std::string::npos || link.find(" https://") != std::string::npos) {
    return failed(Reason::bad_link, "more than one link in the line");
  }
  return with_scheme(link);
}

bool lacks_scheme(std::string_view text) {
  if (text.starts_with("https://") || text.starts_with("http://")) return false;  // nearly all have one
  return begins_with_host(bare_link(text));
}

}  // namespace thumbline
