#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// When a piece of work was done: microseconds since 1970 on the collector's clock.
struct Span {
  std::int64_t started_us;
  std::int64_t ended_us;
  [[nodiscard]] std::int64_t duration_us() const { return ended_us - started_us; }
};

std::int64_t us_since_1970(WallTime time);

/// How a link ended: what the ledger knows of it for ever.
struct LinkRow {
  struct Fetch {
    std::string image;         ///< below the run's folder; empty where nothing was stored
    std::optional<Span> span;  ///< none where the picture lay in the store already
    std::int64_t bytes;
    std::int64_t http_status;  ///< 0: no answer
    std::int64_t dns_us;       ///< this and the two below: from the start until then
    std::int64_t connect_us;
    std::int64_t first_byte_us;
    std::string worker;
  };
  struct Resize {
    std::string thumbnail;  ///< below the run's folder; empty where there is none
    Span span;
    std::int64_t source_width;
    std::int64_t source_height;
    std::int64_t width;
    std::int64_t height;
    std::int64_t bytes;
    std::string worker;
  };

  std::uint64_t id;
  std::string link;    ///< bytes as the user wrote them
  std::string name;    ///< of its files
  std::string reason;  ///< a text of common/base/reason.h; empty: done
  std::string detail;
  std::int64_t attempts;
  std::optional<Fetch> fetch;
  std::optional<Resize> resize;
};

/// The row for an outcome that arrived at `arrived_us`. The spans follow from that moment and from how long ago each stage says
/// that it ended. A reason that is none of ours is kept as `io`, with its text in the detail.
LinkRow link_row(const wire::Outcome& outcome, std::int64_t arrived_us);

/// Whether it may be of a link that the producer gave out. Peers are let in by key and believed; an outcome that names no link
/// shows that its sender is out of its mind.
bool names_a_link(const wire::Outcome& outcome);

/// Whether a host wants fewer requests: 429, 503, over capacity.
bool is_refusal(const wire::Outcome& outcome);

/// Whether no other attempt will follow. Of links that are refused and may be tried again the producer alone decides: it knows
/// whether others of their host get through.
bool is_final(const wire::Outcome& outcome);

}  // namespace thumbline
