#include "fetcher/dns_lifetime.h"

#include <algorithm>

namespace thumbline {

void DnsLifetime::looked_up(const std::string& name, Moment now) {
  while (!answers_.empty() && now - answers_.front().at >= longest_) forget_oldest();
  const auto known = by_name_.find(name);
  if (known != by_name_.end()) {
    const Answers::iterator answer = known->second;
    if (now - answer->at < at(now)) return;  // it was kept
    answer->at = now;
    answers_.splice(answers_.end(), answers_, answer);
    return;
  }
  if (answers_.size() == most_names_) forget_oldest();
  by_name_.emplace(name, answers_.insert(answers_.end(), {name, now}));
}

std::chrono::seconds DnsLifetime::at(Moment now) const {
  if (answers_.size() < most_names_) return longest_;
  const auto oldest = std::chrono::floor<std::chrono::seconds>(now - answers_.front().at);
  return std::clamp(oldest, std::chrono::seconds(0), longest_);
}

void DnsLifetime::forget_oldest() {
  by_name_.erase(answers_.front().name);
  answers_.pop_front();
}

}  // namespace thumbline
