#pragma once
// clang-format off
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>  // uses what the two above declare
// clang-format on

#include <csetjmp>

#include "common/base/result.h"

namespace thumbline {

/// The only place where libjpeg's errors land. libjpeg must not come back from one, so it jumps here: what runs inside the
/// fence must own nothing that has a destructor.
class JpegFence {
 public:
  JpegFence();
  JpegFence(const JpegFence&) = delete;
  JpegFence& operator=(const JpegFence&) = delete;

  /// To be set as the codec's `err`. The codec's `client_data` must be this fence.
  jpeg_error_mgr* errors() { return &errors_; }

  /// False where libjpeg gave up; failure() says why.
  template <class Step>
  bool run(const Step& step) {
    if (setjmp(landing_) != 0) return false;
    step();
    return true;
  }

  /// To be set as a decoder's `progress`: gives up where a picture has more scans than are allowed.
  jpeg_progress_mgr* progress() { return &progress_; }

  /// From the source of the bytes: there are no more.
  void end_of_input() { end_of_input_ = true; }

  /// For the next picture.
  void reset(int max_scans);

  /// After run() was false.
  [[nodiscard]] Failure failure() const;

  /// What the decoder carried on in spite of, if that leaves a picture that is not what was stored.
  [[nodiscard]] Result<void> damage() const;

 private:
  [[noreturn]] static void give_up(j_common_ptr codec);
  static void hear(j_common_ptr codec, int level);
  static void count_scans(j_common_ptr codec);

  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf landing_{};
  int max_scans_ = 0;
  bool end_of_input_ = false;
  bool too_many_scans_ = false;
  bool short_data_ = false;  ///< entropy-coded data end too early, whatever follows
  bool bad_data_ = false;
  char text_[JMSG_LENGTH_MAX] = {};
};

}  // namespace thumbline
