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

    /// How long it took to deliver the picture; nothing where it was not delivered, or by no work.
    [[nodiscard]] std::optional<std::uint64_t> worked_us() const {
      if (!delivered || !span) return std::nullopt;
      return static_cast<std::uint64_t>(span->duration_us());
    }
  };

  std::string_view reason;  ///< empty: done
  std::uint64_t attempts = 0;
  std::int64_t session = 0;  ///< of the collector
  Stage fetch;
  Stage resize;
};

/// Those of a row, which has to live as long as they do.
LinkFacts facts_of(const LinkRow& row, std::int64_t session);

/// Calls back for each link; the same links, in any order, each time it is called.
using EachLink = std::function<void(const std::function<void(const LinkFacts&)>&)>;

}  // namespace thumbline
