#include "common/base/reason.h"

#include <array>
#include <charconv>

namespace thumbline {
namespace {

struct Name {
  Reason::Kind kind;
  std::string_view text;
};

constexpr std::array names{
    Name{Reason::bad_link, "bad-link"},
    Name{Reason::refused_address, "refused-address"},
    Name{Reason::dns, "dns"},
    Name{Reason::connect, "connect"},
    Name{Reason::tls, "tls"},
    Name{Reason::timeout, "timeout"},
    Name{Reason::reset, "reset"},
    Name{Reason::rate_limited, "rate-limited"},
    Name{Reason::too_many_redirects, "too-many-redirects"},
    Name{Reason::removed, "removed"},
    Name{Reason::too_large, "too-large"},
    Name{Reason::not_an_image, "not-an-image"},
    Name{Reason::unsupported_format, "unsupported-format"},
    Name{Reason::truncated, "truncated"},
    Name{Reason::corrupt, "corrupt"},
    Name{Reason::too_many_pixels, "too-many-pixels"},
    Name{Reason::decode_limit, "decode-limit"},
    Name{Reason::disk_full, "disk-full"},
    Name{Reason::folder_unusable, "folder-unusable"},
    Name{Reason::io, "io"},
    Name{Reason::lost, "lost"},
    Name{Reason::crashed_the_resizer, "crashed-the-resizer"},
};

constexpr std::string_view http_prefix = "http-";
constexpr int request_timeout = 408;  // RFC 9110, 15.5.9
constexpr int too_early = 425;        // RFC 8470, 5.2

}  // namespace

std::string Reason::text() const {
  if (kind_ == http) return std::string(http_prefix) + std::to_string(status_);
  for (const Name& name : names) {
    if (name.kind == kind_) return std::string(name.text);
  }
  return {};
}

std::optional<Reason> Reason::parse(std::string_view text) {
  for (const Name& name : names) {
    if (name.text == text) return name.kind;
  }
  if (!text.starts_with(http_prefix)) return std::nullopt;
  text.remove_prefix(http_prefix.size());
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc{} || end != text.data() + text.size() || status < 100 || status > 999) return std::nullopt;
  return http_status(status);
}

bool Reason::is_transient() const {
  switch (kind_) {
    case dns:
    case connect:
    case timeout:
    case reset:
    case rate_limited:
    case disk_full:
    case folder_unusable:
    case crashed_the_resizer: return true;
    case http: return status_ >= 500 || status_ == request_timeout || status_ == too_early;
    default: return false;
  }
}

}  // namespace thumbline
