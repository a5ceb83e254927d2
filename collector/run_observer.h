#pragma once
#include <chrono>
#include <string>

#include "collector/live_figures.h"
#include "collector/progress.h"
#include "common/base/clock.h"

namespace thumbline {

/// A run at one moment. Refers to what the collector keeps: good for the call that it is handed to.
struct RunStatus {
  Progress progress;
  const LiveFigures& figures;  ///< and what each worker has done
  Moment started;              ///< of this collector
};

/// Is told how a run goes on, in the collector's thread: what it does there holds up the run.
class RunObserver {
 public:
  RunObserver() = default;
  RunObserver(const RunObserver&) = delete;
  RunObserver& operator=(const RunObserver&) = delete;
  virtual ~RunObserver() = default;

  /// How long it can be left without on_progress(), which may come much more often.
  [[nodiscard]] virtual std::chrono::milliseconds interval() const = 0;
  virtual void on_progress(const RunStatus& status, Moment now) = 0;
  /// A line for the user.
  virtual void on_remark(const std::string& line) = 0;
  /// Every link has its outcome; nothing else comes.
  virtual void on_end() = 0;
};

}  // namespace thumbline
