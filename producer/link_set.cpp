#include "producer/link_set.h"

#include <algorithm>
#include <utility>

namespace thumbline {

bool LinkSet::settle(std::uint64_t id) {
  std::uint64_t& found = slot(id);
  if (found != 0) return false;
  found = std::max<std::uint64_t>(id, 1) << 1U;
  ++size_;
  return true;
}

LinkSet::Seen LinkSet::see(std::uint64_t id) {
  std::uint64_t& found = slot(id);
  if (found == 0) {
    found = std::max<std::uint64_t>(id, 1) << 1U | 1U;
    ++size_;
    return Seen::first;
  }
  if ((found & 1U) != 0) return Seen::repeated;
  found |= 1U;
  return Seen::settled;
}

std::uint64_t& LinkSet::slot(std::uint64_t id) {
  if (size_ * 4 >= slots_.size() * 3) grow();
  id = std::max<std::uint64_t>(id, 1);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = id & mask;
  while (slots_[at] != 0 && slots_[at] >> 1U != id) at = (at + 1) & mask;
  return slots_[at];
}

void LinkSet::grow() {
  const std::vector<std::uint64_t> old = std::exchange(slots_, std::vector<std::uint64_t>(slots_.size() * 2));
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint64_t value : old) {
    if (value == 0) continue;
    std::size_t at = (value >> 1U) & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = value;
  }
}

}  // namespace thumbline
