#pragma once
#include <sys/types.h>

#include <chrono>
#include <functional>

#include "common/base/result.h"
#include "resizer/decode_channel.h"
#include "resizer/decoder.h"

namespace thumbline {

/// The resizer's handle on its decoder (decoder.h), which it starts, watches and replaces.
class DecoderProcess {
 public:
  /// `time_limit`: so long may one picture take. Throws Stop where a sandbox is required and cannot be had.
  DecoderProcess(const DecoderRights& rights, std::chrono::milliseconds time_limit, SandboxWish wish);
  ~DecoderProcess();
  DecoderProcess(const DecoderProcess&) = delete;
  DecoderProcess& operator=(const DecoderProcess&) = delete;

  /// Has one picture made. Besides the thumbnail library's own reasons: `crashed-the-resizer` where the decoder died of it,
  /// `decode-limit` where it took too long (and was ended). Calls `meanwhile` twice a second, for as long as it lasts.
  Result<DecodeReply> make(const DecodeOrder& order, int original, int thumbnail, const std::function<void()>& meanwhile = {});

 private:
  void start();
  void launch();
  /// Ends the decoder where it still runs; says how it ended.
  std::string end();
  [[nodiscard]] bool answers_in_time(const std::function<void()>& meanwhile) const;

  DecoderRights rights_;
  std::chrono::milliseconds time_limit_;
  Sandbox sandbox_;  ///< of the one that runs
  int socket_ = -1;
  pid_t pid_ = -1;
};

}  // namespace thumbline
