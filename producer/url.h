#pragma once
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace thumbline {

/// An http or https URL in its parts (RFC 3986, 3). Scheme, host and port are in normal form, the rest is as it was written.
struct Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< in lower case; an IPv6 address in brackets
  std::string port;    ///< digits; empty where it is the scheme's own
  std::string path;    ///< from its `/` on; may be empty
  std::string query;   ///< from its `?` on; empty where there is none
};

/// Reads `http://...` or `https://...`; a fragment is dropped. Fails with `bad-link` where libcurl would not take it, or where
/// it has a user name or password.
Result<Url> read_url(std::string_view text);

/// The URL in one piece.
std::string text_of(const Url& url);

/// The same for all URLs that mean the same by RFC 3986, 6.2.2 and 6.2.3: no dot segments, no empty path or query, octets
/// encoded where they have to be and nowhere else, in upper case. A `%` that encodes nothing stays.
std::string normal_form(const Url& url);

}  // namespace thumbline
