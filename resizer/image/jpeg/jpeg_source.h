#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "resizer/image/jpeg/jpeg_error_handler.h"
#include "resizer/image/jpeg/jpeg_scans.h"

namespace thumbline {

/// A JPEG's bytes as libjpeg asks for them, some of them left out. Nothing is copied.
class JpegSource {
 public:
  explicit JpegSource(JpegErrorHandler& errors);
  JpegSource(const JpegSource&) = delete;
  JpegSource& operator=(const JpegSource&) = delete;

  /// To be set as the decoder's `src`.
  jpeg_source_mgr* manager() { return &manager_; }

  /// From the first byte on. `jpeg` must live as long as it is read.
  void open(std::span<const std::byte> jpeg);

  /// The byte that libjpeg takes next.
  [[nodiscard]] std::size_t position() const;

  /// These bytes will not come: ranges from position() on, in order.
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
  std::size_t piece_end_ = 0;  ///< of the bytes that libjpeg has now
  std::vector<ByteRange> skipped_;
  std::size_t next_skipped_ = 0;
};

}  // namespace thumbline
