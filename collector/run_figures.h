#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "collector/link_facts.h"

namespace thumbline {

/// What one stage did. Times are those of the pictures it delivered by its own work: one that lay in the store already counts
/// as a picture, and for nothing else.
struct StageFigures {
  std::uint64_t pictures = 0;
  std::uint64_t failed = 0;   ///< links that ended here
  std::uint64_t bytes = 0;    ///< of the pictures, or of the thumbnails
  std::uint64_t worked = 0;   ///< pictures with times
  std::uint64_t wall_us = 0;  ///< first start to last end, summed over the sessions of the collector
  std::uint64_t busy_us = 0;  ///< the sum over the pictures
  std::uint64_t p50_us = 0;   ///< nearest-rank
  std::uint64_t p95_us = 0;
  std::uint64_t p99_us = 0;
  std::uint64_t max_us = 0;

  /// Pictures with times by wall time; 0 where there are none.
  [[nodiscard]] double images_per_s() const;
};

/// The numbers of the table and of summary.json.
struct RunFigures {
  std::uint64_t links = 0;  ///< with an outcome
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::map<std::string, std::uint64_t> reasons;  ///< of the failed
  std::uint64_t attempts = 0;                    ///< in all
  std::uint64_t wall_us = 0;
  bool local_pictures = false;  ///< what is counted are pictures of this machine, and no links
  StageFigures fetch;
  StageFigures resize;
};

/// Goes through the links twice, in constant memory. `local_pictures`: nothing is fetched in such a run, so that every failure
/// is the resizers'.
RunFigures run_figures(const EachLink& each, bool local_pictures, std::uint64_t wall_us);

}  // namespace thumbline
