#include "producer/host_queues.h"

#include <algorithm>

namespace thumbline {
namespace {

constexpr std::size_t most_idle = 8192;  // that are remembered

}  // namespace

std::string host_and_port_of(std::string_view url) {
  const std::size_t slashes = url.find("//");
  if (slashes == std::string_view::npos) return {};
  std::string host(url.substr(slashes + 2, url.find_first_of("/?#", slashes + 2) - slashes - 2));
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool has_port = host.find(':', host.starts_with('[') ? host.find(']') : 0) != std::string::npos;
  if (!has_port) host += url.starts_with("https:") ? ":443" : ":80";
  return host;
}

Host& HostQueues::enter(const std::string& name) {
  const auto [entry, is_new] = hosts_.try_emplace(name, most_a_second_);
  Host& host = entry->second;
  if (is_new) {
    host.key = &entry->first;
    host.is_limited = host.pace.rate() > 0;
  } else if (host.links == 0) {
    idle_.erase(host.idle);
  }
  ++host.links;
  return host;
}

void HostQueues::leave(Host& host) {
  if (--host.links > 0) return;
  if (!host.waiting.empty()) clear_waiting(host);  // of links that are not there any more
  host.idle = idle_.insert(idle_.end(), &host);
  if (idle_.size() <= most_idle) return;
  hosts_.erase(hosts_.find(idle_.front()->name()));
  idle_.pop_front();
}

void HostQueues::wait(Host& host, std::uint64_t link, Moment now) {
  host.waiting.push_back(link);
  add_waiting(host, 1);
  changed(host, now);
}

std::vector<std::uint64_t> HostQueues::take_waiting(Host& host) {
  std::vector<std::uint64_t> links(host.waiting.begin(), host.waiting.end());
  clear_waiting(host);
  return links;
}

void HostQueues::clear_waiting(Host& host) {
  add_waiting(host, -static_cast<std::ptrdiff_t>(host.waiting.size()));
  host.waiting.clear();
  wake_at(host, Moment::max());
  if (host.in_turn) std::erase(turns_, &host);
  host.in_turn = false;
}

void HostQueues::add_waiting(Host& host, std::ptrdiff_t more) {
  waiting_ += static_cast<std::size_t>(more);
  if (host.is_limited) waiting_for_limited_ += static_cast<std::size_t>(more);
}

void HostQueues::wake_at(Host& host, Moment due) {
  if (host.due == due) return;
  if (host.due != Moment::max()) due_.erase({host.due, &host});
  host.due = due;
  if (due != Moment::max()) due_.emplace(due, &host);
}

void HostQueues::take_turn(Host& host) {
  host.in_turn = true;
  turns_.push_back(&host);
}

std::optional<std::uint64_t> HostQueues::next(Moment now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    Host& host = *due_.begin()->second;
    wake_at(host, Moment::max());
    take_turn(host);
  }
  while (!turns_.empty()) {
    Host& host = *turns_.front();
    if (!host.waiting.empty() && host.pace.next(now) <= now) return host.waiting.front();
    turns_.pop_front();
    host.in_turn = false;
    changed(host, now);
  }
  return std::nullopt;
}

void HostQueues::take() {
  Host& host = *turns_.front();
  turns_.pop_front();
  host.in_turn = false;
  host.waiting.pop_front();
  add_waiting(host, -1);
  if (!host.waiting.empty()) take_turn(host);
}

void HostQueues::changed(Host& host, Moment now) {
  if (const bool limited = host.pace.rate() > 0; limited != host.is_limited) {
    waiting_for_limited_ += limited ? host.waiting.size() : 0;
    host.is_limited = limited;
  }
  if (host.in_turn || host.waiting.empty()) return;
  const Moment due = host.pace.next(now);
  if (due > now) {
    wake_at(host, due);
  } else {
    wake_at(host, Moment::max());
    take_turn(host);
  }
}

}  // namespace thumbline
