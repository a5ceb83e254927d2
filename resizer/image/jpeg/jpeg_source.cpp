#include "resizer/image/jpeg/jpeg_source.h"

#include <algorithm>
#include <array>
#include <utility>

namespace thumbline {

JpegSource::JpegSource(JpegErrorHandler& errors) : errors_(errors) {
  manager_.source = this;
  manager_.init_source = [](j_decompress_ptr) {};
  manager_.fill_input_buffer = fill;
  manager_.skip_input_data = skip;
  manager_.resync_to_restart = jpeg_resync_to_restart;
  manager_.term_source = [](j_decompress_ptr) {};
}

void JpegSource::open(std::span<const std::byte> jpeg) {
  jpeg_ = jpeg;
  skipped_.clear();
  next_skipped_ = 0;
  piece_end_ = jpeg.size();
  manager_.next_input_byte = reinterpret_cast<const JOCTET*>(jpeg.data());
  manager_.bytes_in_buffer = jpeg.size();
}

std::size_t JpegSource::position() const {
  return piece_end_ - manager_.bytes_in_buffer;
}

void JpegSource::skip_ranges(std::vector<ByteRange> ranges) {
  const std::size_t at = position();
  if (ranges.empty() || ranges.front().begin < at) return;
  skipped_ = std::move(ranges);
  next_skipped_ = 0;
  piece_end_ = skipped_.front().begin;
  manager_.bytes_in_buffer = piece_end_ - at;
}

/// Continues after the skipped range; false at the end of the file.
bool JpegSource::next_piece() {
  while (next_skipped_ < skipped_.size()) {
    const std::size_t begin = skipped_[next_skipped_++].end;
    piece_end_ = next_skipped_ < skipped_.size() ? skipped_[next_skipped_].begin : jpeg_.size();
    if (begin == piece_end_) continue;
    manager_.next_input_byte = reinterpret_cast<const JOCTET*>(jpeg_.data() + begin);
    manager_.bytes_in_buffer = piece_end_ - begin;
    return true;
  }
  return false;
}

/// At the end of the file, gives libjpeg an end-of-image marker and tells the error handler.
boolean JpegSource::fill(j_decompress_ptr codec) {
  JpegSource& source = *static_cast<Manager*>(codec->src)->source;
  if (source.next_piece()) return TRUE;
  static constexpr std::array<JOCTET, 2> end_of_image{0xFF, JPEG_EOI};
  source.errors_.end_of_input(codec->total_iMCU_rows > 0 && codec->input_iMCU_row >= codec->total_iMCU_rows);
  codec->src->next_input_byte = end_of_image.data();
  codec->src->bytes_in_buffer = end_of_image.size();
  return TRUE;
}

void JpegSource::skip(j_decompress_ptr codec, long bytes) {
  jpeg_source_mgr& manager = *codec->src;
  JpegSource& source = *static_cast<Manager*>(codec->src)->source;
  auto length = static_cast<std::size_t>(std::max(bytes, 0L));
  while (length > manager.bytes_in_buffer) {
    length -= manager.bytes_in_buffer;
    if (!source.next_piece()) {
      fill(codec);
      return;
    }
  }
  manager.next_input_byte += length;
  manager.bytes_in_buffer -= length;
}

}  // namespace thumbline
