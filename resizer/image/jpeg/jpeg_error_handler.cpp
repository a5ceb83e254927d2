#include "resizer/image/jpeg/jpeg_error_handler.h"

#include <jerror.h>

#include <algorithm>

namespace thumbline {
namespace {

/// The reason for a libjpeg message code.
Reason reason_of(int code) {
  switch (code) {
    case JERR_BAD_PRECISION:    // 12 bits
    case JERR_SOF_UNSUPPORTED:  // lossless, hierarchical
    case JERR_ARITH_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_COMPONENT_COUNT: return Reason::unsupported_format;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW: return Reason::too_many_pixels;
    case JERR_NO_BACKING_STORE:
    case JERR_OUT_OF_MEMORY: return Reason::decode_limit;  // see failure()
    default: return Reason::corrupt;
  }
}

JpegErrorHandler& handler_of(j_common_ptr codec) {
  return *static_cast<JpegErrorHandler*>(codec->client_data);
}

}  // namespace

JpegErrorHandler::JpegErrorHandler() {
  jpeg_std_error(&manager_);
  manager_.error_exit = &JpegErrorHandler::on_error;
  manager_.emit_message = &JpegErrorHandler::on_message;
  manager_.output_message = [](j_common_ptr) {};
  progress_.progress_monitor = &JpegErrorHandler::on_progress;
}

void JpegErrorHandler::on_error(j_common_ptr codec) {
  JpegErrorHandler& handler = handler_of(codec);
  codec->err->format_message(codec, handler.text_);
  std::longjmp(handler.jump_, 1);
}

/// Called for warnings (level -1) and traces. Most warnings do not affect the picture.
void JpegErrorHandler::on_message(j_common_ptr codec, int level) {
  if (level >= 0) return;
  JpegErrorHandler& handler = handler_of(codec);
  switch (codec->err->msg_code) {
    case JWRN_HIT_MARKER: handler.short_data_ = true; break;  // libjpeg continues with zeros
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC: handler.bad_data_ = true; break;
    default: return;
  }
  if (handler.text_[0] == '\0') codec->err->format_message(codec, handler.text_);
  const bool nothing_follows = handler.end_of_input_ || reinterpret_cast<j_decompress_ptr>(codec)->unread_marker == JPEG_EOI;
  handler.stopped_ = handler.strict_ && handler.short_data_ && !handler.bad_data_ && nothing_follows;
  if (handler.stopped_) std::longjmp(handler.jump_, 1);
}

/// A scan takes time for each pixel, however short its data are: 345 KB can keep a processor busy for half a minute.
/// libjpeg calls this before each row of blocks while it reads the scans, then before each row of pixels.
void JpegErrorHandler::on_progress(j_common_ptr codec) {
  JpegErrorHandler& handler = handler_of(codec);
  const auto& decoder = *reinterpret_cast<j_decompress_ptr>(codec);
  handler.too_many_scans_ = decoder.input_scan_number > handler.max_scans_;
  handler.count_row(decoder);
  handler.too_much_work_ = handler.work_ > handler.max_work_;
  if (handler.too_many_scans_ || handler.too_much_work_) on_error(codec);
}

/// A block takes about 30 ns; the work for Huffman codes is in proportion to their bytes, but a refinement scan visits each
/// coefficient. Arithmetic decoding continues past the end of the data, at up to 40 ns per coefficient.
void JpegErrorHandler::count_row(const jpeg_decompress_struct& codec) {
  if (block_work_ == 0) return;
  std::uint64_t blocks = 0;
  for (int i = 0; i < codec.comps_in_scan; ++i) {
    const auto& component = *codec.cur_comp_info[i];
    blocks += std::uint64_t{component.width_in_blocks} * static_cast<std::uint64_t>(component.v_samp_factor);
  }
  const auto band = static_cast<std::uint64_t>(std::max(codec.Se - codec.Ss + 1, 1));
  const std::uint64_t each = codec.arith_code ? 40 * band : codec.Ah > 0 ? 2 * band : 0;
  work_ += blocks * (block_work_ + each);
}

void JpegErrorHandler::count_work(std::uint64_t most, std::uint64_t for_each_block) {
  max_work_ = most;
  block_work_ = for_each_block;
  work_ = 0;
}

void JpegErrorHandler::end_of_input(bool between_scans) {
  if (!end_of_input_) ended_between_scans_ = between_scans;
  end_of_input_ = true;
}

void JpegErrorHandler::reset(int max_scans, bool strict) {
  max_scans_ = max_scans;
  strict_ = strict;
  work_ = max_work_ = block_work_ = 0;
  end_of_input_ = ended_between_scans_ = too_many_scans_ = too_much_work_ = stopped_ = short_data_ = bad_data_ = false;
  text_[0] = '\0';
}

Failure JpegErrorHandler::failure() const {
  if (too_many_scans_) return {Reason::decode_limit, "the JPEG has too many scans"};
  if (too_much_work_) return {Reason::decode_limit, "decoding takes too much work for a JPEG file of this size"};
  if (end_of_input_) return {Reason::truncated, "the JPEG file ends early"};
  if (stopped_) return {Reason::truncated, std::string("JPEG decoder: ") + text_};
  const Reason reason = reason_of(manager_.msg_code);
  if (reason == Reason::decode_limit) return {reason, "the JPEG, which must be held whole, needs more memory (--max-memory)"};
  return {reason, std::string("JPEG decoder: ") + text_};
}

Result<void> JpegErrorHandler::damage(bool complete) const {
  const bool whole = complete && ended_between_scans_;
  if (end_of_input_ && !whole) return failed(Reason::truncated, "the JPEG file ends before its end-of-image marker");
  if (bad_data_) return failed(Reason::corrupt, std::string("JPEG decoder: ") + text_);
  if (short_data_) return failed(Reason::truncated, std::string("JPEG decoder: ") + text_);
  return {};
}

}  // namespace thumbline
