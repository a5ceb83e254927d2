#include "resizer/image/jpeg_fence.h"

#include <jerror.h>

namespace thumbline {
namespace {

/// What a file that libjpeg refuses is, by libjpeg's message code.
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
    case JERR_OUT_OF_MEMORY: return Reason::decode_limit;
    default: return Reason::corrupt;
  }
}

JpegFence& fence_of(j_common_ptr codec) {
  return *static_cast<JpegFence*>(codec->client_data);
}

}  // namespace

JpegFence::JpegFence() {
  jpeg_std_error(&errors_);
  errors_.error_exit = &JpegFence::give_up;
  errors_.emit_message = &JpegFence::hear;
  errors_.output_message = [](j_common_ptr) {};
  progress_.progress_monitor = &JpegFence::count_scans;
}

void JpegFence::give_up(j_common_ptr codec) {
  JpegFence& fence = fence_of(codec);
  codec->err->format_message(codec, fence.text_);
  std::longjmp(fence.landing_, 1);
}

/// Warnings (level -1) and traces. Most of the warnings concern what does not change the picture.
void JpegFence::hear(j_common_ptr codec, int level) {
  if (level >= 0) return;
  JpegFence& fence = fence_of(codec);
  switch (codec->err->msg_code) {
    case JWRN_HIT_MARKER: fence.short_data_ = true; break;
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC: fence.bad_data_ = true; break;
    default: return;
  }
  if (fence.text_[0] == '\0') codec->err->format_message(codec, fence.text_);
}

/// A scan costs time by the pixel, whatever the length of its data: 345 KB can keep a processor busy for half a minute.
void JpegFence::count_scans(j_common_ptr codec) {
  JpegFence& fence = fence_of(codec);
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number <= fence.max_scans_) return;
  fence.too_many_scans_ = true;
  give_up(codec);
}

void JpegFence::reset(int max_scans) {
  max_scans_ = max_scans;
  end_of_input_ = too_many_scans_ = short_data_ = bad_data_ = false;
  text_[0] = '\0';
}

Failure JpegFence::failure() const {
  if (too_many_scans_) return {Reason::decode_limit, "the JPEG has more scans than are allowed"};
  if (end_of_input_) return {Reason::truncated, "the JPEG file ends too early"};
  return {reason_of(errors_.msg_code), std::string("the JPEG decoder says: ") + text_};
}

Result<void> JpegFence::damage() const {
  if (end_of_input_) return failed(Reason::truncated, "the JPEG file ends before its end-of-image marker");
  if (bad_data_) return failed(Reason::corrupt, std::string("the JPEG decoder says: ") + text_);
  if (short_data_) return failed(Reason::truncated, std::string("the JPEG decoder says: ") + text_);
  return {};
}

}  // namespace thumbline
