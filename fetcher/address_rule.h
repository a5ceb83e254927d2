#pragma once
#include <sys/socket.h>

#include <string>
#include <string_view>

namespace thumbline {

/// Whether an address is one of the open internet's: no private, loopback, link-local, multicast or otherwise special range
/// (IANA's registries of special-purpose addresses, RFC 6890), also where an IPv6 address carries such an IPv4 address within.
/// Links come from strangers; what they name inside of our network is none of their business. False for any other family.
bool is_public_address(const sockaddr& address);

/// The same for a numeric address as text; false where it is none.
bool is_public_address(std::string_view text);

/// "127.0.0.1", "::1"; for people.
std::string address_text(const sockaddr& address);

}  // namespace thumbline
