#pragma once
#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace thumbline {

/// How a transfer ended, as plain facts.
struct TransferEnd {
  CURLcode code = CURLE_OK;
  std::string error;                    ///< libcurl's own words
  long status = 0;                      ///< of the last answer, maybe a redirect's; 0 where none came
  std::string content_range;            ///< of that answer; empty where it has none
  long redirects = 0;                   ///< followed
  std::string url;                      ///< the last one asked for, after redirects
  std::string host;                     ///< that URL's, in lower case
  std::string other_host;               ///< host:port of that URL, where they are not the link's own; else empty
  std::uint64_t bytes = 0;              ///< of the body
  bool connected = false;               ///< whether the connection to that host stood
  std::chrono::seconds retry_after{0};  ///< as the server said it; may be nonsense
  long proxy_status = 0;                ///< of a proxy that was asked for a tunnel; 0 where none was asked
  std::string coding;                   ///< its Content-Encoding, where that was left as it is; else empty
  std::string refused_address;          ///< the address that may not be connected to; empty where there was none
  std::optional<Failure> body_failure;  ///< what the body's reader had to say
  std::string body_start;               ///< of an answer that is no picture
};

/// Who asks for more patience than this is not asked again.
inline constexpr std::chrono::hours longest_retry_after{1};

/// Whether Imgur says with this answer that the picture is gone: it redirects to a picture that says so.
bool is_removed_notice(std::string_view url, long redirects);

/// Whether a failure without any connection says something of the host rather than of the link: others would fare the same.
bool is_of_the_host(Reason reason);

/// Whether an answer with this status brings what was asked for. 206 was never asked for.
constexpr bool is_success(long status) {
  constexpr long partial_content = 206;
  return status >= 200 && status < 300 && status != partial_content;
}

/// The same, and whether a part that came unasked is the whole: Content-Range "bytes 0-99/100" (RFC 9110, 14.4).
bool brings_picture(long status, std::string_view content_range);

/// Whether a failure may be that of a connection which was kept too long, and not of the host: then a new one may do.
constexpr bool is_fault_of_connection(Reason reason) {
  return reason == Reason::reset || reason == Reason::truncated;
}

/// The failure that this end amounts to; nothing where the picture came whole. Pure.
std::optional<Failure> judge(const TransferEnd& end);

}  // namespace thumbline
