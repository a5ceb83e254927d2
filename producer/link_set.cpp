#include "producer/link_set.h"

#include <algorithm>
#include <utility>

namespace thumbline {

bool LinkSet::settle(std::uint64_t id) {
  id = std::max<std::uint64_t>(id, 1);
  std::uint64_t& slot = slots_[place_for(id)];
  if (slot != 0) return false;
  slot = id;
  ++size_;
  return true;
}

LinkSet::Seen LinkSet::see(std::uint64_t id) {
  id = std::max<std::uint64_t>(id, 1);
  const std::size_t at = place_for(id);
  const bool is_new = slots_[at] == 0;
  if (!is_new && listed_[at]) return Seen::repeated;
  listed_[at] = true;
  if (!is_new) return Seen::settled;
  slots_[at] = id;
  ++size_;
  return Seen::first;
}

bool LinkSet::has(std::uint64_t id) const {
  return slots_[place(id)] != 0;
}

std::size_t LinkSet::place_for(std::uint64_t id) {
  if (size_ * 4 >= slots_.size() * 3) grow();
  return place(id);
}

std::size_t LinkSet::place(std::uint64_t id) const {
  id = std::max<std::uint64_t>(id, 1);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = id & mask;
  while (slots_[at] != 0 && slots_[at] != id) at = (at + 1) & mask;
  return at;
}

void LinkSet::grow() {
  const std::vector<std::uint64_t> old = std::exchange(slots_, std::vector<std::uint64_t>(slots_.size() * 2));
  const std::vector<bool> old_listed = std::exchange(listed_, std::vector<bool>(slots_.size()));
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (old[i] == 0) continue;
    std::size_t at = old[i] & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = old[i];
    listed_[at] = old_listed[i];
  }
}

}  // namespace thumbline
