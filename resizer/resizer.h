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

/// The resizer's loop: receive a path, make the thumbnail, send the result, send a credit. Without access to the run's folder,
/// the thumbnail is sent in the result.
class Resizer {
 public:
  explicit Resizer(const ResizerOptions& options);

  /// Runs until the end of the run or a signal. Throws Stop if this machine cannot work for the run.
  ExitCode run();

 private:
  void take_paths();
  void drain();
  void exchange_heartbeats(std::uint64_t working_on = 0);
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
  std::optional<Head> head_;  ///< none: all endpoints were given
  Workplace place_;
  zmq::socket_t results_;
  PathSources sources_;
  wire::ToCollector unsent_;  ///< results to send
  Slots slots_;
  Moment next_heartbeat_{};
  FileTrouble trouble_;
  bool stopped_ = false;
};

}  // namespace thumbline
