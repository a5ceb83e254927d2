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

/// The coefficients of a JPEG that comes in several scans and has to be held whole. libjpeg's own arrays take 128 bytes a
/// block, most of them zeros; these keep rows packed, but for those that libjpeg works on. They take the place of the memory
/// manager's virtual arrays of blocks (libjpeg-turbo's libjpeg.txt and structure.txt, "virtual arrays").
class JpegCoefficients {
 public:
  JpegCoefficients();
  ~JpegCoefficients();
  JpegCoefficients(const JpegCoefficients&) = delete;
  JpegCoefficients& operator=(const JpegCoefficients&) = delete;

  /// For a codec whose `client_data` is a JpegErrorHandler with these coefficients. At most `max_memory` bytes; beyond, libjpeg
  /// gives up with JERR_OUT_OF_MEMORY.
  void install(jpeg_decompress_struct& codec, std::size_t max_memory);

  /// Gives the memory back.
  void drop();

 private:
  class Plane;
  static jvirt_barray_ptr request(j_common_ptr codec, int pool, boolean zeroed, JDIMENSION blocks, JDIMENSION rows,
                                  JDIMENSION most_at_once);
  static JBLOCKARRAY access(j_common_ptr codec, jvirt_barray_ptr array, JDIMENSION first, JDIMENSION rows, boolean writable);

  std::vector<std::unique_ptr<Plane>> planes_;  ///< one for each component
  std::size_t max_memory_ = 0;
};

/// A row of blocks as bytes: for each block a bit for each eight coefficients that are not all 0, for each of those a bit for
/// each one that is not 0, then its value, which takes three bytes where it takes more than eight bits. Into the first bytes of
/// `packed`, which grows; says how many. None where all coefficients are 0.
std::size_t pack_blocks(const JBLOCK* blocks, std::size_t count, std::vector<std::uint8_t>& packed);

/// Undoes pack_blocks().
void unpack_blocks(std::span<const std::uint8_t> packed, JBLOCK* blocks, std::size_t count);

}  // namespace thumbline
