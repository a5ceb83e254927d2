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

ConnectionMeter::Id ConnectionMeter::find(const ConnectionEnds& ends) {
  const auto found = std::ranges::find_if(open_, [&](auto& entry) {
    auto& [socket, known] = entry;
    if (known.local_port == 0) known.local_port = end_of(socket, ::getsockname).port;
    if (known.local_port != ends.local_port) return false;
    const End peer = end_of(socket, ::getpeername);
    return peer.port == ends.peer_port && peer.address == ends.peer;
  });
  return found == open_.end() ? 0 : found->second.id;
}

std::uint64_t ConnectionMeter::bytes_received(Id id) const {
  const auto found = std::ranges::find_if(open_, [&](const auto& entry) { return entry.second.id == id; });
  if (found == open_.end()) return 0;
  tcp_info info{};
  socklen_t length = sizeof info;
  const bool told = ::getsockopt(found->first, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
                    length >= offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received;
  return told ? info.tcpi_bytes_received : 0;
}

}  // namespace thumbline
