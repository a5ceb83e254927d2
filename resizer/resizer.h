#pragma once
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/base/file_trouble.h"
#include "common/base/stop_signals.h"
#include "common/net/head.h"
#include "common/net/network.h"
#include "common/net/workplace.h"
#include "proto/pipeline.pb.h"
#include "resizer/decoder_process.h"
#include "resizer/options.h"
#include "resizer/path_sources.h"
#include "resizer/slots.h"

namespace thumbline {

/// The resizer's loop: take a path, make the thumbnail, push the result, say that there is room again. Where it does not see
/// the run's folder, the thumbnail travels in the result.
class Resizer {
 public:
  explicit Resizer(const ResizerOptions& options);

  /// Until the run is over or a signal comes. Throws Stop where this machine turns out to be no place to work for another head.
  ExitCode run();

 private:
  void take_paths();
  void drain();
  void attend(std::uint64_t working_on = 0);
  wire::Outcome make(const wire::Path& path, Moment received);
  Result<wire::Resize> make_thumbnail(const wire::Path& path);
  void report(const wire::Path& path);
  [[nodiscard]] bool results_are_due() const;
  bool push_results();
  void wait();

  ResizerOptions options_;
  std::string worker_;
  StopSignals signals_;
  DecoderProcess decoder_;
  Network network_;
  std::optional<Head> head_;  ///< none: it was started with all it needs
  Workplace place_;
  zmq::socket_t results_;
  PathSources sources_;
  wire::ToCollector unsent_;  ///< gathered, or the collector has no room for it now
  Slots slots_;
  Moment next_heartbeat_{};
  FileTrouble trouble_;
  bool stopped_ = false;
};

}  // namespace thumbline
