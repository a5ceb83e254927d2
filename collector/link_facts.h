#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "collector/link_row.h"

namespace thumbline {

/// What the figures of a run need to know of a link.
struct LinkFacts {
  struct Stage {
    bool delivered = false;    ///< a picture, or a thumbnail, is there
    std::uint64_t bytes = 0;   ///< of it
    std::optional<Span> span;  ///< none where no work was done
  };

  std::string_view reason;  ///< empty: done
  std::uint64_t attempts = 0;
  std::int64_t session = 0;  ///< of the collector
  Stage fetch;
  Stage resize;
};

/// Calls back for each link; the same links, in any order, each time it is called.
using EachLink = std::function<void(const std::function<void(const LinkFacts&)>&)>;

}  // namespace thumbline
