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

  /// For the codec's `err`. The codec's `client_data` must be this handler.
  jpeg_error_mgr* manager() { return &manager_; }

  /// Calls `step`; false if libjpeg gave up on the way, see failure().
  template <class Step>
  bool run(const Step& step) {
    if (setjmp(jump_) != 0) return false;
    step();
    return true;
  }

  /// For a decoder's `progress`: fails if a picture exceeds the limits on scans or work.
  jpeg_progress_mgr* progress() { return &progress_; }

  /// Called by the data source at the end of the file. `between_scans`: the last scan is complete.
  void end_of_input(bool between_scans);

  /// Prepares for the next picture. `strict`: fail as soon as data are missing.
  void reset(int max_scans, bool strict);

  /// Counts units of work (Limits) for each row of blocks that is read from now on; fails above `most`.
  void count_work(std::uint64_t most, std::uint64_t for_each_block);
  void stop_counting() { block_work_ = 0; }

  /// Why run() returned false.
  [[nodiscard]] Failure failure() const;

  /// The error that the decoder worked around, if it changed the picture. `complete`: no scan is missing, so the file may end
  /// after the last one.
  [[nodiscard]] Result<void> damage(bool complete) const;

  JpegCoefficients* coefficients = nullptr;  ///< of the decoder, if it packs them

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
  bool stopped_ = false;  ///< because data are missing
  bool too_many_scans_ = false;
  bool short_data_ = false;  ///< entropy-coded data end too early
  bool bad_data_ = false;
  char text_[JMSG_LENGTH_MAX] = {};
};

}  // namespace thumbline
