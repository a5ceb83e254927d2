#pragma once
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace thumbline {

/// Whether an answer with this status is followed where it has a Location (RFC 9110, 15.4): not 304, which speaks of a copy
/// that nobody has, nor 305 and 306, which are out of use.
constexpr bool is_redirect(long status) {
  return (status >= 300 && status <= 303) || status == 307 || status == 308;
}

/// Where an answer with this status leads that came for `url`: its Location, taken relative to `url` (RFC 9110, 10.2.2), with
/// spaces and letters beyond ASCII percent-encoded as in a link. Fails with `http-STATUS` where that is no http(s) URL, or has
/// a user name or a password in it: the link itself is fine.
Result<std::string> redirect_target(long status, const std::string& url, std::string_view location);

}  // namespace thumbline
