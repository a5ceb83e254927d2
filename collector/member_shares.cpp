#include "collector/member_shares.h"

#include <algorithm>
#include <vector>

namespace thumbline {

void MemberShares::add(const LinkRow& row) {
  if (row.fetch && row.fetch->span) add(row.fetch->worker, !row.fetch->image.empty(), row.fetch->bytes, *row.fetch->span);
  if (row.resize) add(row.resize->worker, !row.resize->thumbnail.empty(), row.resize->bytes, row.resize->span);
}

void MemberShares::add(const std::string& worker, bool delivered, std::int64_t bytes, const Span& span) {
  if (worker.empty()) return;
  auto found = members_.find(worker);
  if (found == members_.end()) {
    if (members_.size() >= most_) forget_half();
    found = members_.try_emplace(worker).first;
  }
  MemberShare& share = found->second;
  ++(delivered ? share.pictures : share.failed);
  if (delivered) share.bytes += static_cast<std::uint64_t>(bytes);
  share.busy_us += static_cast<std::uint64_t>(span.duration_us());
  share.last_us = std::max(share.last_us, span.ended_us);
}

/// So many at once, because finding them takes longer than all else here.
void MemberShares::forget_half() {
  std::vector<std::int64_t> ends;
  ends.reserve(members_.size());
  for (const auto& [worker, share] : members_) ends.push_back(share.last_us);
  const auto middle = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 2);
  std::ranges::nth_element(ends, middle);
  std::erase_if(members_, [this, until = *middle](const auto& member) {
    const MemberShare& share = member.second;
    if (share.last_us > until) return false;
    former_.pictures += share.pictures;
    former_.failed += share.failed;
    former_.bytes += share.bytes;
    former_.busy_us += share.busy_us;
    former_.last_us = std::max(former_.last_us, share.last_us);
    return true;
  });
}

}  // namespace thumbline
