#pragma once
#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <unordered_map>

namespace thumbline {

/// Where a connection begins and ends, as libcurl tells it.
struct ConnectionEnds {
  std::string peer;  ///< numeric address
  int peer_port = 0;
  int local_port = 0;
};

/// The sockets that a lane has open, and how many bytes have come over each. The kernel counts them, so that what libcurl
/// reads and hands to nobody (extensions of chunks, RFC 9112, 7.1.1) counts, too. Belongs to one thread.
class ConnectionMeter {
 public:
  /// A socket by a number that is never used again; 0: none.
  using Id = std::uint64_t;

  void opened(int socket) { open_[socket] = {++last_}; }
  void closed(int socket) { open_.erase(socket); }

  /// The open socket between these ends; 0 where there is none.
  [[nodiscard]] Id find(const ConnectionEnds& ends);

  /// What has arrived over it, TLS and headers included; 0 where it is closed, or the kernel does not tell.
  [[nodiscard]] std::uint64_t bytes_received(Id id) const;

 private:
  struct Socket {
    Id id;
    int local_port = 0;  ///< 0: not asked for yet, or not connected
  };

  std::unordered_map<int, Socket> open_;
  Id last_ = 0;
};

}  // namespace thumbline
