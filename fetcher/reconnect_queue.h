#pragma once
#include <cstdint>
#include <vector>

#include "fetcher/transfer.h"

namespace thumbline {

/// Transfers that have lost one connection together, over HTTP/2, and go on: one of them opens a new connection, and the others
/// wait until it can be used. libcurl would open one for each: it waits for connections only where it does not know yet whether
/// a host multiplexes.
class ReconnectQueue {
 public:
  /// `again`: transfers whose finish() wants another request, of one round. Those of them that may go on now.
  std::vector<Transfer*> admit(const std::vector<Transfer*>& again);

  /// Those whose connection is there, or will not come.
  std::vector<Transfer*> release();

 private:
  struct Waiting {
    const Transfer* opener;
    std::uint64_t id;  ///< of the opener's link
    int lost;          ///< the connection that they had; 0: of an earlier round
    std::vector<Transfer*> transfers;
  };

  std::vector<Waiting> waiting_;
};

}  // namespace thumbline
