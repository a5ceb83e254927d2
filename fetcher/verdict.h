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
  long status = 0;                      ///< of the last answer; 0 where none came
  long redirects = 0;                   ///< followed
  std::string url;                      ///< the last one asked for, after redirects
  std::string host;                     ///< that URL's, in lower case
  std::string other_host;               ///< host:port of that URL, where they are not the link's own; else empty
  std::uint64_t bytes = 0;              ///< of the body
  bool connected = false;               ///< whether the connection to that host stood
  std::chrono::seconds retry_after{0};  ///< as the server said it; may be nonsense
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

/// Whether an answer with this status brings what was asked for.
constexpr bool is_success(long status) {
  constexpr long partial_content = 206;  // was never asked for
  return status >= 200 && status < 300 && status != partial_content;
}

/// Whether libcurl follows an answer with this status, where it says whereto, and passes over its body.
constexpr bool is_redirect(long status) {
  return status >= 300 && status < 400;
}

/// The failure that this end amounts to; nothing where the picture came whole. Pure.
std::optional<Failure> judge(const TransferEnd& end);

}  // namespace thumbline
