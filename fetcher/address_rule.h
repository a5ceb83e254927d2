#pragma once
#include <sys/socket.h>

#include <string>
#include <string_view>

namespace thumbline {

/// Whether an address is one of the open internet's: no private, loopback, link-local, multicast or otherwise special range
/// (IANA's registries of special-purpose addresses, RFC 6890), no service that a cloud has for its own machines alone. An IPv4
/// address within an IPv6 one counts as itself in 64:ff9b::/96 (NAT64), and is refused in all other forms.
/// Links come from strangers; what they name inside of our network is none of their business. False for any other family.
bool is_public_address(const sockaddr& address);

/// The same for a numeric address as text; false where it is none.
bool is_public_address(std::string_view text);

/// Whether a host as a URL has it, in lower case, is an address that is not the open internet's, or this machine by name
/// (localhost, RFC 6761, 6.3). All that can be said of a host which a proxy looks up.
bool names_private_host(std::string_view host);

/// "127.0.0.1", "::1"; for people.
std::string address_text(const sockaddr& address);

}  // namespace thumbline
