#pragma once
#include <optional>
#include <stop_token>
#include <string>

#include "common/base/result.h"
#include "producer/link.h"

namespace thumbline {

/// One thing that a source found: a link, or with a failure a line that is none.
struct Found {
  Link link;
  std::optional<Failure> failure;
};

/// Where links come from. Used by one thread, which may wait in next() as long as it likes.
class LinkSource {
 public:
  virtual ~LinkSource() = default;

  /// The next one, repeats included; nothing once there are no more, or soon after `stop` was requested.
  virtual std::optional<Found> next(std::stop_token stop) = 0;

  /// For the user, once next() has ended: why there are fewer than were asked for. Mostly empty.
  [[nodiscard]] virtual std::string remark() const { return {}; }
};

}  // namespace thumbline
