#pragma once
// clang-format off
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>  // uses what the two above declare
// clang-format on

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace thumbline {

/// The coefficients of a JPEG in several scans, which must be held whole. libjpeg's own arrays take 128 bytes per block, most
/// of them zeros. These keep rows packed, except those that libjpeg works on. They replace the virtual arrays of libjpeg's
/// memory manager (libjpeg-turbo's libjpeg.txt and structure.txt, "virtual arrays").
class JpegCoefficients {
 public:
  JpegCoefficients();
  ~JpegCoefficients();
  JpegCoefficients(const JpegCoefficients&) = delete;
  JpegCoefficients& operator=(const JpegCoefficients&) = delete;

  /// Replaces the virtual arrays of a codec whose `client_data` is a JpegErrorHandler with these coefficients. If they need
  /// more than `max_memory` bytes, libjpeg fails with JERR_OUT_OF_MEMORY.
  void install(jpeg_decompress_struct& codec, std::size_t max_memory);

  /// Frees the memory.
  void drop();

 private:
  class Plane;
  static jvirt_barray_ptr request(j_common_ptr codec, int pool, boolean zeroed, JDIMENSION blocks, JDIMENSION rows,
                                  JDIMENSION most_at_once);
  static JBLOCKARRAY access(j_common_ptr codec, jvirt_barray_ptr array, JDIMENSION first, JDIMENSION rows, boolean writable);

  std::vector<std::unique_ptr<Plane>> planes_;  ///< one for each component
  std::size_t max_memory_ = 0;
};

/// Packs a row of blocks. Each block has a bit for each group of eight coefficients, set if any is not 0; each such group has a
/// bit for each coefficient, set if it is not 0; then come the values, in three bytes if they do not fit in one. Writes to the
/// start of `packed`, which grows as needed, and returns the number of bytes; 0 if all coefficients are 0.
std::size_t pack_blocks(const JBLOCK* blocks, std::size_t count, std::vector<std::uint8_t>& packed);

/// Undoes pack_blocks().
void unpack_blocks(std::span<const std::uint8_t> packed, JBLOCK* blocks, std::size_t count);

}  // namespace thumbline
