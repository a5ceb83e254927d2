#include "fetcher/reconnect_queue.h"

#include <algorithm>

namespace thumbline {

std::vector<Transfer*> ReconnectQueue::admit(const std::vector<Transfer*>& again) {
  std::vector<Transfer*> admitted;
  for (Waiting& waiting : waiting_) waiting.lost = 0;  // ports are used again
  for (Transfer* transfer : again) {
    const int lost = transfer->lost_connection();
    const auto same = std::ranges::find_if(waiting_, [&](const Waiting& waiting) { return lost != 0 && waiting.lost == lost; });
    if (same != waiting_.end()) {
      transfer->use_any_connection();
      same->transfers.push_back(transfer);
    } else {
      admitted.push_back(transfer);
      if (lost != 0) waiting_.push_back({transfer, transfer->id(), lost, {}});
    }
  }
  return admitted;
}

std::vector<Transfer*> ReconnectQueue::release() {
  std::vector<Transfer*> released;
  std::erase_if(waiting_, [&](const Waiting& waiting) {
    if (waiting.opener->id() == waiting.id && !waiting.opener->has_sent_request()) return false;
    released.insert(released.end(), waiting.transfers.begin(), waiting.transfers.end());
    return true;
  });
  return released;
}

}  // namespace thumbline
