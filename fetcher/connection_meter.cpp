#include "fetcher/connection_meter.h"

#include <linux/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>

#include "fetcher/address_rule.h"

namespace thumbline {
namespace {

struct End {
  std::string address;
  int port = 0;
};

/// Of a socket of IPv4 or IPv6; `ask` is getsockname() or getpeername().
template <class Ask>
End end_of(int socket, Ask ask) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  auto& address = reinterpret_cast<sockaddr&>(storage);
  if (ask(socket, &address, &length) != 0) return {};
  const in_port_t port = address.sa_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(storage).sin6_port
                                                       : reinterpret_cast<const sockaddr_in&>(storage).sin_port;
  return {address_text(address), ntohs(port)};
}

}  // namespace

ConnectionMeter::Id ConnectionMeter::find(const ConnectionEnds& ends) const {
  const auto found = std::ranges::find_if(open_, [&](const auto& entry) {
    if (end_of(entry.first, ::getsockname).port != ends.local_port) return false;
    const End peer = end_of(entry.first, ::getpeername);
    return peer.port == ends.peer_port && peer.address == ends.peer;
  });
  return found == open_.end() ? 0 : found->second;
}

std::uint64_t ConnectionMeter::bytes_received(Id id) const {
  const auto found = std::ranges::find_if(open_, [&](const auto& entry) { return entry.second == id; });
  if (found == open_.end()) return 0;
  tcp_info info{};
  socklen_t length = sizeof info;
  const bool told = ::getsockopt(found->first, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
                    length >= offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received;
  return told ? info.tcpi_bytes_received : 0;
}

}  // namespace thumbline
