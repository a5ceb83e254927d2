#pragma once
#include <string>
#include <string_view>

namespace thumbline {

/// The link as it is asked for: what a person may write but a URL cannot have (spaces, controls, quotation marks, brackets,
/// letters beyond ASCII, ...) is percent-encoded behind the host (RFC 3986, 2.1). All else stays; what is encoded already is
/// not touched. Also of a reference that is relative to another URL.
std::string request_url(std::string_view link);

/// The host that a URL names, in lower case, as libcurl reads it; empty where it reads none.
std::string host_of(const std::string& url);

bool is_https(std::string_view url);

/// host_of() and the port, where HTTP's own as well; who is busy or dead at one port need not be so at another.
std::string host_and_port_of(const std::string& url);

/// Whether a host with its port, as host_and_port_of() gives it, is an IP address rather than a name.
bool is_literal_address(std::string_view host_and_port);

/// Scheme, host and port (RFC 6454).
std::string origin_of(const std::string& url);

}  // namespace thumbline
