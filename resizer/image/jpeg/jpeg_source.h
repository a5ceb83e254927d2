#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "resizer/image/jpeg/jpeg_error_handler.h"
#include "resizer/image/jpeg/jpeg_scans.h"

namespace thumbline {

/// A libjpeg data source that reads from memory without copying and can skip ranges of bytes.
class JpegSource {
 public:
  explicit JpegSource(JpegErrorHandler& errors);
  JpegSource(const JpegSource&) = delete;
  JpegSource& operator=(const JpegSource&) = delete;

  /// For the decoder's `src`.
  jpeg_source_mgr* manager() { return &manager_; }

  /// Starts at the first byte. `jpeg` must stay valid while it is read.
  void open(std::span<const std::byte> jpeg);

  /// Offset of the next byte that libjpeg reads.
  [[nodiscard]] std::size_t position() const;

  /// Hides these bytes from libjpeg: ranges after position(), in order.
  void skip_ranges(std::vector<ByteRange> ranges);

 private:
  struct Manager : jpeg_source_mgr {
    JpegSource* source = nullptr;
  };
  static boolean fill(j_decompress_ptr codec);
  static void skip(j_decompress_ptr codec, long bytes);
  bool next_piece();

  JpegErrorHandler& errors_;
  Manager manager_{};
  std::span<const std::byte> jpeg_;
  std::size_t piece_end_ = 0;  ///< end offset of the bytes that libjpeg has now
  std::vector<ByteRange> skipped_;
  std::size_t next_skipped_ = 0;
};

}  // namespace thumbline
