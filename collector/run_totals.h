#pragma once
#include <cstdint>
#include <map>

#include "collector/link_facts.h"
#include "collector/run_figures.h"

namespace thumbline {

/// Adds links up to the figures of a run, all but the percentiles, in constant memory.
class RunTotals {
 public:
  /// `local_pictures`: nothing is fetched, so that every failure is the resizers'.
  void add(const LinkFacts& link, bool local_pictures);
  /// `wall_us` of the run and the percentiles are 0.
  [[nodiscard]] RunFigures figures() const;

 private:
  /// Those of one stage.
  class Stage {
   public:
    void add(const LinkFacts::Stage& stage, std::int64_t session);
    void add_failed() { ++figures_.failed; }
    [[nodiscard]] StageFigures figures() const;

   private:
    StageFigures figures_;
    std::map<std::int64_t, Span> sessions_;  ///< from the first start to the last end
  };

  RunFigures run_;
  Stage fetch_;
  Stage resize_;
};

}  // namespace thumbline
