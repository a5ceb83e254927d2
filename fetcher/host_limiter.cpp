#include "fetcher/host_limiter.h"

namespace thumbline {

void HostLimiter::add(std::uint64_t id, const std::string& host) {
  Host& entry = hosts_.try_emplace(host).first->second;
  entry.name = host;
  entry.waiting.push_back(id);
  ++waiting_;
  take_turn(entry);
}

void HostLimiter::take_turn(Host& host) {
  if (host.in_turn || host.waiting.empty() || host.running >= per_host_) return;
  host.in_turn = true;
  turns_.push_back(&host);
}

std::optional<std::uint64_t> HostLimiter::next() {
  if (turns_.empty()) return std::nullopt;
  Host& host = *turns_.front();
  turns_.pop_front();
  host.in_turn = false;
  const std::uint64_t id = host.waiting.front();
  host.waiting.pop_front();
  --waiting_;
  ++host.running;
  running_.emplace(id, &host);
  take_turn(host);
  return id;
}

void HostLimiter::ended(std::uint64_t id) {
  const auto entry = running_.find(id);
  if (entry == running_.end()) return;
  Host& host = *entry->second;
  running_.erase(entry);
  --host.running;
  if (host.running == 0 && host.waiting.empty()) {
    hosts_.erase(std::string(host.name));  // a copy: the name lives in what is erased
  } else {
    take_turn(host);
  }
}

}  // namespace thumbline
