#include "fetcher/address_rule.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace thumbline {
namespace {

using Bytes4 = std::array<std::uint8_t, 4>;
using Bytes16 = std::array<std::uint8_t, 16>;

template <class Bytes>
struct Range {
  Bytes start;
  int bits;  ///< of `start` that count
};

constexpr std::array special_v4{
    Range<Bytes4>{{0, 0, 0, 0}, 8},       // "this network", RFC 791
    Range<Bytes4>{{10, 0, 0, 0}, 8},      // private, RFC 1918
    Range<Bytes4>{{100, 64, 0, 0}, 10},   // carrier's NAT, RFC 6598
    Range<Bytes4>{{127, 0, 0, 0}, 8},     // loopback
    Range<Bytes4>{{169, 254, 0, 0}, 16},  // link-local, RFC 3927; the clouds' metadata services
    Range<Bytes4>{{172, 16, 0, 0}, 12},   // private
    Range<Bytes4>{{192, 0, 0, 0}, 24},    // protocol assignments, RFC 6890
    Range<Bytes4>{{192, 0, 2, 0}, 24},    // documentation, RFC 5737
    Range<Bytes4>{{192, 88, 99, 0}, 24},  // 6to4 relays, RFC 7526
    Range<Bytes4>{{192, 168, 0, 0}, 16},  // private
    Range<Bytes4>{{198, 18, 0, 0}, 15},   // benchmarks, RFC 2544
    Range<Bytes4>{{198, 51, 100, 0}, 24}, Range<Bytes4>{{203, 0, 113, 0}, 24},  // documentation
    // Services of clouds for what runs there, at addresses that look like the open internet's and are not routed in it.
    Range<Bytes4>{{161, 26, 0, 0}, 16}, Range<Bytes4>{{166, 8, 0, 0}, 14},       // IBM Cloud: service network and endpoints
    Range<Bytes4>{{168, 63, 129, 16}, 32},                                       // Azure: the host's agent, DNS, DHCP
    Range<Bytes4>{{192, 80, 8, 124}, 32},                                        // Equinix Metal: metadata
    Range<Bytes4>{{199, 36, 153, 4}, 30}, Range<Bytes4>{{199, 36, 153, 8}, 30},  // Google Cloud: private access to its APIs
    Range<Bytes4>{{224, 0, 0, 0}, 4},                                            // multicast
    Range<Bytes4>{{240, 0, 0, 0}, 4},                                            // reserved, and broadcast
};

// 2000::/3 is all that IANA has given out as global unicast; these are the special ranges within it.
constexpr Range<Bytes16> global_v6{{0x20}, 3};
constexpr std::array special_v6{
    Range<Bytes16>{{0x20, 0x01, 0, 0}, 23},        // protocol assignments, RFC 2928: Teredo, ORCHID, benchmarks among them
    Range<Bytes16>{{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation, RFC 3849
    Range<Bytes16>{{0x20, 0x02}, 16},              // 6to4, RFC 3056: any IPv4 address within
    Range<Bytes16>{{0x3f, 0xff}, 20},              // documentation, RFC 9637
};

template <class Bytes>
bool holds(const Range<Bytes>& range, const Bytes& address) {
  const auto whole = static_cast<std::size_t>(range.bits / 8);
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), range.start.begin())) return false;
  if (range.bits % 8 == 0) return true;
  const int shift = 8 - range.bits % 8;
  return address[whole] >> shift == range.start[whole] >> shift;
}

template <class Bytes, std::size_t n>
bool any_holds(const std::array<Range<Bytes>, n>& ranges, const Bytes& address) {
  return std::ranges::any_of(ranges, [&](const Range<Bytes>& range) { return holds(range, address); });
}

// How a host that has IPv6 alone reaches those that have IPv4 alone: its network's translator takes the last four bytes (RFC
// 6052).
constexpr Range<Bytes16> nat64{{0, 0x64, 0xff, 0x9b}, 96};

bool is_public_v4(const Bytes4& address) {
  return !any_holds(special_v4, address);
}

// IPv4 written as IPv6 (::ffff:a.b.c.d, RFC 4291), IPv4-compatible, a network's own NAT64 (64:ff9b:1::/48, RFC 8215: where in
// it the IPv4 address stands, only that network knows), loopback, ULA (fd00:ec2::254 and fd20:ce::254, metadata of clouds,
// among them), link-local and multicast all lie outside 2000::/3, and nothing that is out there can be reached by them alone.
bool is_public_v6(const Bytes16& address) {
  if (holds(nat64, address)) return is_public_v4({address[12], address[13], address[14], address[15]});
  return holds(global_v6, address) && !any_holds(special_v6, address);
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    Bytes4 bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, bytes.size());
    return is_public_v4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    Bytes16 bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, bytes.size());
    return is_public_v6(bytes);
  }
  return false;
}

bool is_public_address(std::string_view text) {
  const std::string whole(text);
  Bytes4 four{};
  if (::inet_pton(AF_INET, whole.c_str(), four.data()) == 1) return is_public_v4(four);
  Bytes16 sixteen{};
  if (::inet_pton(AF_INET6, whole.c_str(), sixteen.data()) == 1) return is_public_v6(sixteen);
  return false;
}

bool names_private_host(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  if (host.starts_with('[')) return !is_public_address(host.substr(1, host.find_first_of("]%") - 1));
  in_addr four{};
  return ::inet_pton(AF_INET, std::string(host).c_str(), &four) == 1 && !is_public_address(host);
}

std::string address_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.sa_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  if (address.sa_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  if (bytes == nullptr) return "an address of no known family";
  ::inet_ntop(address.sa_family, bytes, text.data(), text.size());
  return text.data();
}

}  // namespace thumbline
