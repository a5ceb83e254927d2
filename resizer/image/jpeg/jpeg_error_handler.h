#pragma once
// clang-format off
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>  // uses what the two above declare
// clang-format on

#include <csetjmp>
#include <cstdint>

#include "common/base/result.h"

namespace thumbline {

class JpegCoefficients;

/// Where libjpeg's errors end up. libjpeg expects its error callback not to return, so it jumps back into run(): the step given
/// to run() must not own anything that has a destructor.
class JpegErrorHandler {
 public:
  JpegErrorHandler();
  JpegErrorHandler(const JpegErrorHandler&) = delete;
  JpegErrorHandler& operator=(const JpegErrorHandler&) = delete;

  /// To be set as the codec's `err`. The codec's `client_data` must be this handler.
  jpeg_error_mgr* manager() { return &manager_; }

  /// Calls `step`; false if libjpeg gave up on the way, see failure().
  template <class Step>
  bool run(const Step& step) {
    if (setjmp(jump_) != 0) return false;
    step();
    return true;
  }

  /// To be set as a decoder's `progress`: gives up where a picture has more scans than are allowed, or needs more work.
  jpeg_progress_mgr* progress() { return &progress_; }

  /// From the source of the bytes: there are no more. `between_scans`: and none of coded data are missing.
  void end_of_input(bool between_scans);

  /// For the next picture. `strict`: a picture that ends early is given up at once.
  void reset(int max_scans, bool strict);

  /// From now on rows of blocks are counted as they are read; these are the units of work (Limits) that they may take.
  void count_work(std::uint64_t most, std::uint64_t for_each_block);
  void stop_counting() { block_work_ = 0; }

  /// After run() was false.
  [[nodiscard]] Failure failure() const;

  /// What the decoder carried on in spite of, if that leaves a picture that is not what was stored.
  /// `complete`: no scan is missing, so that the file may end behind its last one.
  [[nodiscard]] Result<void> damage(bool complete) const;

  JpegCoefficients* coefficients = nullptr;  ///< of the decoder, where it packs them

 private:
  [[noreturn]] static void on_error(j_common_ptr codec);
  static void on_message(j_common_ptr codec, int level);
  static void on_progress(j_common_ptr codec);
  void count_row(const jpeg_decompress_struct& codec);

  jpeg_error_mgr manager_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf jump_{};
  int max_scans_ = 0;
  bool strict_ = false;
  std::uint64_t max_work_ = 0, work_ = 0, block_work_ = 0;
  bool too_much_work_ = false;
  bool end_of_input_ = false;
  bool ended_between_scans_ = false;
  bool stopped_ = false;  ///< at data that are missing
  bool too_many_scans_ = false;
  bool short_data_ = false;  ///< entropy-coded data end too early, whatever follows
  bool bad_data_ = false;
  char text_[JMSG_LENGTH_MAX] = {};
};

}  // namespace thumbline
