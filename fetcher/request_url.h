#pragma once
#include <string>
#include <string_view>

namespace thumbline {

/// The link as it is asked for: what a person may write but HTTP does not carry (spaces, controls, letters beyond ASCII) is
/// percent-encoded behind the host, as browsers do (WHATWG URL, 4.4). All else stays; what is encoded already is not touched.
std::string request_url(std::string_view link);

/// The host that a URL names, in lower case, as libcurl reads it; empty where it reads none.
std::string host_of(const std::string& url);

/// Text from the network as one line of printable ASCII, at most 200 characters; the rest becomes `?`.
std::string printable(std::string_view text);

}  // namespace thumbline
