#include "fetcher/lane_chooser.h"

#include <algorithm>
#include <span>
#include <utility>

namespace thumbline {

std::size_t LaneChooser::choose(std::uint64_t id, const std::string& host) {
  Hosts::value_type& entry = busy(host);
  Share& share = share_for_next(entry.second);
  ++share.running;
  ++entry.second.running;
  ++lanes_[share.lane].running;
  running_.emplace(id, Running{&entry, share.lane});
  return share.lane;
}

/// Remembers the host, and that it is not idle.
LaneChooser::Hosts::value_type& LaneChooser::busy(const std::string& host) {
  const auto [found, is_new] = hosts_.try_emplace(host);
  if (is_new) {
    found->second.shares.push_back({lane_for_new_host()});
    ++lanes_[found->second.shares.front().lane].hosts;
  } else if (found->second.running == 0) {
    idle_.erase(found->second.idle);
  }
  return *found;
}

/// No more lanes than there are hosts for, as long as those have room: a lane without links costs nothing, and each reads the
/// certificate authorities.
std::size_t LaneChooser::lane_for_new_host() const {
  const std::size_t enough = std::min(lanes_.size(), 1 + (hosts_.size() - 1) / limits_.transfers);
  const std::size_t chosen = best_of_first(enough);
  return lanes_[chosen].running < limits_.transfers ? chosen : best_of_first(lanes_.size());
}

/// That has the fewest hosts of those with room; or else the fewest links.
std::size_t LaneChooser::best_of_first(std::size_t count) const {
  const auto rank = [this](const Lane& lane) { return std::pair(std::max(lane.running, limits_.transfers - 1), lane.hosts); };
  const std::span candidates(lanes_.data(), count);
  return static_cast<std::size_t>(std::ranges::min_element(candidates, {}, rank) - candidates.begin());
}

LaneChooser::Share& LaneChooser::share_for_next(Host& host) {
  Share& own = *std::ranges::min_element(host.shares, {}, &Share::running);
  if (has_room(own)) return own;
  const auto idlest = static_cast<std::size_t>(std::ranges::min_element(lanes_, {}, &Lane::running) - lanes_.begin());
  const auto known = std::ranges::find(host.shares, idlest, &Share::lane);
  if (known != host.shares.end()) return *known;
  ++lanes_[idlest].hosts;
  return host.shares.emplace_back(Share{idlest});
}

/// A new connection costs more than some waiting, so that a lane may have a lot more to do than others.
bool LaneChooser::has_room(const Share& share) const {
  const std::size_t fewest = std::ranges::min_element(lanes_, {}, &Lane::running)->running;
  return share.running < limits_.transfers && lanes_[share.lane].running < fewest + 2 * limits_.transfers;
}

LaneChooser::Share& LaneChooser::share_of(Host& host, std::size_t lane) {
  return *std::ranges::find(host.shares, lane, &Share::lane);
}

void LaneChooser::ended(std::uint64_t id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  const auto [entry, lane] = found->second;
  running_.erase(found);
  --lanes_[lane].running;
  --share_of(entry->second, lane).running;
  if (--entry->second.running > 0) return;
  let_rest(*entry);
  if (idle_.size() > limits_.hosts * limits_.lanes) forget_oldest();
}

/// A host that no link runs at needs no more lanes than it had.
void LaneChooser::let_rest(Hosts::value_type& entry) {
  Host& host = entry.second;
  host.idle = idle_.insert(idle_.end(), &entry);
  if (host.shares.size() == 1) return;
  --lanes_[host.shares.back().lane].hosts;
  host.shares.pop_back();
}

void LaneChooser::forget_oldest() {
  const Hosts::value_type* oldest = idle_.front();
  idle_.pop_front();
  for (const Share& share : oldest->second.shares) --lanes_[share.lane].hosts;
  hosts_.erase(std::string(oldest->first));  // a copy: the name lives in what is erased
}

std::optional<std::size_t> LaneChooser::lane_of(std::uint64_t id) const {
  const auto found = running_.find(id);
  if (found == running_.end()) return std::nullopt;
  return found->second.lane;
}

}  // namespace thumbline
