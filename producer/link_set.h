#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace thumbline {

/// Which links are known, at 8 to 16 bytes each: ten million must not need gigabytes. Open addressing with linear probing
/// (Knuth, TAOCP 3, 6.4) over the ids, which are hashes already.
class LinkSet {
 public:
  enum class Seen {
    first,     ///< never before
    settled,   ///< the ledger has its outcome
    repeated,  ///< it stood in the list before
  };

  /// Notes that the ledger has an outcome for `id`. True where it was not known.
  bool settle(std::uint64_t id);
  [[nodiscard]] bool has(std::uint64_t id) const;
  /// Notes that the list has `id`.
  Seen see(std::uint64_t id);

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  /// Where `id` is, or else would be. A free slot is 0; id 0 is kept as 1, a collision like any other.
  [[nodiscard]] std::size_t place(std::uint64_t id) const;
  /// The same, once there is room for one more.
  std::size_t place_for(std::uint64_t id);
  void grow();

  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(1024);
  std::vector<bool> listed_ = std::vector<bool>(1024);  ///< of each slot, whether the list had it
  std::size_t size_ = 0;
};

}  // namespace thumbline
