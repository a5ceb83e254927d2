#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "collector/link_row.h"

namespace thumbline {

/// What one worker has contributed so far.
struct MemberShare {
  std::uint64_t pictures = 0;  ///< originals that a fetcher, thumbnails that a resizer delivered by its own work
  std::uint64_t failed = 0;    ///< links whose last attempt it worked on, and did not deliver
  std::uint64_t bytes = 0;     ///< of those pictures
  std::uint64_t busy_us = 0;   ///< the time for all of them, delivered or not
  std::int64_t last_us = 0;    ///< when its last work ended, as in Span

  friend bool operator==(const MemberShare&, const MemberShare&) = default;
};

/// The workers that outcomes have named, by "host:process". Known is who has finished something: who has joined and is idle, is
/// not. Of more than `most`, the half that has been silent the longest becomes one share.
class MemberShares {
 public:
  explicit MemberShares(std::size_t most = 4096) : most_(most) {}

  void add(const LinkRow& row);

  [[nodiscard]] const std::unordered_map<std::string, MemberShare>& members() const { return members_; }
  /// The sum of those that are no longer named.
  [[nodiscard]] const MemberShare& former() const { return former_; }

 private:
  void add(const std::string& worker, bool delivered, std::int64_t bytes, const Span& span);
  void forget_half();

  std::size_t most_;
  std::unordered_map<std::string, MemberShare> members_;
  MemberShare former_;
};

}  // namespace thumbline
