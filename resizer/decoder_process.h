#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "resizer/decode_channel.h"
#include "resizer/decoder.h"

namespace thumbline {

/// Starts, watches and replaces the decoder process (decoder.h).
class DecoderProcess {
 public:
  /// `time_limit`: for one picture. Throws Stop if a sandbox is required but not available.
  DecoderProcess(const DecoderRights& rights, std::chrono::milliseconds time_limit, SandboxMode mode);
  ~DecoderProcess();
  DecoderProcess(const DecoderProcess&) = delete;
  DecoderProcess& operator=(const DecoderProcess&) = delete;

  /// Takes the bytes of a thumbnail, chunk by chunk.
  using Sink = std::function<Result<void>(std::span<const std::byte>)>;

  /// Makes one thumbnail. `original`: open for reading. Fails with the reasons of Thumbnailer and of `thumbnail`; with
  /// `crashed-the-resizer` if the decoder crashed or sent an invalid reply, and with `decode-limit` after the time limit. In
  /// these cases the decoder is killed. Calls `meanwhile` after 20 ms and then twice a second until it returns.
  Result<DecodeReply> make(const Recipe& recipe, int original, const Sink& thumbnail,
                           const std::function<void()>& meanwhile = {});

 private:
  void start();
  void launch();
  /// Kills the decoder if it still runs; returns how it ended, as "was ended by signal ...".
  std::string end();
  [[nodiscard]] bool answers_before(Moment deadline, const std::function<void()>& meanwhile) const;
  Result<ReceivedReply> ask(const DecodeOrder& order, int original, Moment deadline, const std::function<void()>& meanwhile);
  Result<DecodeReply> take(const ReceivedReply& received, const DecodeOrder& order, const Sink& thumbnail, Moment deadline,
                           const std::function<void()>& meanwhile);
  tl::unexpected<Failure> too_slow();
  tl::unexpected<Failure> hijacked(const std::string& claim);

  DecoderRights rights_;
  std::chrono::milliseconds time_limit_;
  Sandbox sandbox_;  ///< of the current decoder
  int socket_ = -1;
  pid_t pid_ = -1;
  std::uint64_t orders_ = 0;
  std::vector<std::byte> buffer_{chunk_bytes};
};

}  // namespace thumbline
