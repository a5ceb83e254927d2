#pragma once
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/stop_signals.h"
#include "common/net/network.h"
#include "proto/pipeline.pb.h"
#include "resizer/decoder_process.h"
#include "resizer/options.h"

namespace thumbline {

/// The resizer's loop: take a path, make the thumbnail, push the result, say that there is room again.
class Resizer {
 public:
  explicit Resizer(const ResizerOptions& options);

  ExitCode run();

 private:
  void take_paths();
  wire::Outcome make(const wire::Path& path, Moment received);
  Result<wire::Resize> make_thumbnail(const wire::Path& path);
  bool push_result();
  void give_credit(zmq::socket_t& source, unsigned done, std::uint64_t working_on = 0);
  void wait();

  ResizerOptions options_;
  std::string worker_;
  StopSignals signals_;
  DecoderProcess decoder_;
  Network network_;
  zmq::socket_t results_;
  std::vector<zmq::socket_t> sources_;
  std::optional<wire::ToCollector> unsent_;  ///< the collector has no room for it now
  Moment next_heartbeat_{};
  bool stopped_ = false;
};

}  // namespace thumbline
