#include "fetcher/host_limiter.h"

#include <algorithm>

namespace thumbline {

void HostLimiter::add(std::uint64_t id, const std::string& host) {
  Host& entry = hosts_.try_emplace(host).first->second;
  entry.name = host;
  entry.waiting.push_back(id);
  ++waiting_;
  take_turn(entry);
}

void HostLimiter::take_turn(Host& host) {
  if (host.in_turn || host.waiting.empty() || host.running >= limits_.per_host) return;
  host.in_turn = true;
  turns_.push_back(&host);
}

bool HostLimiter::has_slot() const {
  return running_.size() - std::min(silent_, limits_.silent) < limits_.slots;
}

std::optional<std::uint64_t> HostLimiter::next() {
  if (turns_.empty() || !has_slot()) return std::nullopt;
  Host& host = *turns_.front();
  turns_.pop_front();
  host.in_turn = false;
  const std::uint64_t id = host.waiting.front();
  host.waiting.pop_front();
  --waiting_;
  ++host.running;
  running_.emplace(id, Running{&host});
  take_turn(host);
  return id;
}

void HostLimiter::silent(std::uint64_t id) {
  const auto entry = running_.find(id);
  if (entry == running_.end() || entry->second.silent) return;
  entry->second.silent = true;
  ++entry->second.host->silent;
  ++silent_;
}

void HostLimiter::answered(std::uint64_t id) {
  const auto entry = running_.find(id);
  if (entry == running_.end() || !entry->second.silent) return;
  entry->second.silent = false;
  --entry->second.host->silent;
  --silent_;
}

std::vector<std::uint64_t> HostLimiter::unreachable(std::uint64_t id) {
  std::vector<std::uint64_t> in_vain;
  answered(id);
  if (const auto entry = running_.find(id); entry != running_.end()) {
    Host& host = *entry->second.host;
    if (host.running == host.silent + 1) {
      in_vain.assign(host.waiting.begin(), host.waiting.end());
      waiting_ -= in_vain.size();
      host.waiting.clear();
      if (host.in_turn) std::erase(turns_, &host);
      host.in_turn = false;
    }
  }
  ended(id);
  return in_vain;
}

void HostLimiter::ended(std::uint64_t id) {
  answered(id);
  const auto entry = running_.find(id);
  if (entry == running_.end()) return;
  Host& host = *entry->second.host;
  running_.erase(entry);
  --host.running;
  if (host.running == 0 && host.waiting.empty()) {
    hosts_.erase(std::string(host.name));  // a copy: the name lives in what is erased
  } else {
    take_turn(host);
  }
}

}  // namespace thumbline
