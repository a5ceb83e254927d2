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

/// The resizer's handle on its decoder (decoder.h), which it starts, watches and replaces.
class DecoderProcess {
 public:
  /// `time_limit`: so long may one picture take. Throws Stop where a sandbox is required and cannot be had.
  DecoderProcess(const DecoderRights& rights, std::chrono::milliseconds time_limit, SandboxMode mode);
  ~DecoderProcess();
  DecoderProcess(const DecoderProcess&) = delete;
  DecoderProcess& operator=(const DecoderProcess&) = delete;

  /// Takes the bytes of a thumbnail, a part each time.
  using Sink = std::function<Result<void>(std::span<const std::byte>)>;

  /// Has one picture made; `original`: open for reading. Besides the thumbnail library's own reasons and those of `thumbnail`:
  /// `crashed-the-resizer` where the decoder died of it or says what cannot be (and was ended), `decode-limit` where it took
  /// too long (and was ended). Calls `meanwhile` after 20 ms and then twice a second, for as long as it lasts.
  Result<DecodeReply> make(const Recipe& recipe, int original, const Sink& thumbnail,
                           const std::function<void()>& meanwhile = {});

 private:
  void start();
  void launch();
  /// Ends the decoder where it still runs; says how it ended.
  std::string end();
  [[nodiscard]] bool answers_before(Moment deadline, const std::function<void()>& meanwhile) const;
  Result<ReceivedReply> ask(const DecodeOrder& order, int original, Moment deadline, const std::function<void()>& meanwhile);
  Result<DecodeReply> take(const ReceivedReply& received, const DecodeOrder& order, const Sink& thumbnail, Moment deadline,
                           const std::function<void()>& meanwhile);
  tl::unexpected<Failure> too_slow();
  tl::unexpected<Failure> hijacked(const std::string& claim);

  DecoderRights rights_;
  std::chrono::milliseconds time_limit_;
  Sandbox sandbox_;  ///< of the one that runs
  int socket_ = -1;
  pid_t pid_ = -1;
  std::uint64_t orders_ = 0;
  std::vector<std::byte> buffer_{chunk_bytes};
};

}  // namespace thumbline
