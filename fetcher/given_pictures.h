#pragma once
#include <cstdint>
#include <deque>
#include <string_view>

#include "common/base/clock.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// The pictures that were given to resizers of late. A backup copy of a link may come to the fetcher that had it already: its
/// resizers then get the picture a second time, and whichever of them is first, its outcome shall tell what the transfer took.
class GivenPictures {
 public:
  struct Picture {
    std::uint64_t id;
    wire::Fetch fetch;
    Moment ended;
  };

  void add(std::uint64_t id, const wire::Fetch& fetch, Moment ended);
  /// The one of this link, where it lies at `path`; null where there is none. Valid until the next add().
  [[nodiscard]] const Picture* find(std::uint64_t id, std::string_view path) const;

 private:
  std::deque<Picture> pictures_;  ///< the newest at the end
};

}  // namespace thumbline
