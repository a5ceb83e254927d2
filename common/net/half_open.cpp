#include "common/net/half_open.h"

#include <chrono>
#include <utility>

namespace thumbline {
namespace {

using namespace std::chrono_literals;

constexpr auto grace = 1s;            // a handshake takes four times the way to the peer and back
constexpr auto between_looks = 50ms;  // at all of them

}  // namespace

std::vector<HalfOpen::Connection> HalfOpen::add(Connection connection, Moment now, std::size_t most, const GoesOn& goes_on) {
  remove(connection.fd);
  by_fd_[connection.fd] = next_;
  by_age_.emplace_hint(by_age_.end(), next_++, Entry{std::move(connection), now});
  std::vector<Connection> cut;
  if (by_age_.size() <= most) return cut;
  if (now >= next_look_) {
    next_look_ = now + between_looks;
    for (auto at = by_age_.begin(); at != by_age_.end();) {
      const Entry& entry = at->second;
      const bool half_open = goes_on(entry.connection);
      if (half_open && now - entry.since <= grace) {
        ++at;
        continue;
      }
      if (half_open) cut.push_back(entry.connection);
      by_fd_.erase(entry.connection.fd);
      at = by_age_.erase(at);
    }
  }
  if (by_age_.size() > most) {
    cut.push_back(by_age_.rbegin()->second.connection);
    remove(cut.back().fd);
  }
  return cut;
}

void HalfOpen::remove(int fd) {
  const auto found = by_fd_.find(fd);
  if (found == by_fd_.end()) return;
  by_age_.erase(found->second);
  by_fd_.erase(found);
}

}  // namespace thumbline
