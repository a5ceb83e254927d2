#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace thumbline {

/// Bytes of a file.
struct ByteRange {
  std::size_t begin = 0, end = 0;
};

/// A scan of a JPEG as its header describes it (ITU-T T.81, B.2.3). Coefficients are numbered in zigzag order.
struct JpegScan {
  ByteRange bytes;              ///< from its marker to the next segment's, or to the end of what can be read
  bool is_open = false;         ///< no segment follows: whether it is whole can only be told by decoding
  int components = 0;           ///< 0 where the header cannot be understood
  int component = 0;            ///< identifier of the first
  std::array<int, 4> all = {};  ///< identifiers of those that there are
  int first = 0, last = 0;      ///< coefficients: Ss, Se
  int high = 0, low = 0;        ///< successive approximation: Ah, Al
};

/// A JPEG's scans up to the end-of-image marker, but not more than `most`; found without decoding (T.81, B.1.1: segments say
/// their length, and coded data have no marker in them but those for restarting).
std::vector<JpegScan> find_scans(std::span<const std::byte> jpeg, std::size_t most);

/// Whether the scans hold every coefficient of these components (identifiers) to its last bit.
bool are_complete(std::span<const JpegScan> scans, std::span<const int> components);

/// How a component is decoded.
struct BlockScale {
  int component = 0;                         ///< identifier
  int size = 8;                              ///< samples a side that a block becomes, 1 to 8
  std::array<std::uint16_t, 64> steps = {};  ///< of quantisation, row by row of a block
};

/// The scans of a progressive JPEG from the byte `from` on that do not show in a picture which is shrunk by another two at
/// least after decoding, because what they hold is too fine, in space or in value, and which no other scan needs to be
/// understood; never the one that is open. In the file's order, not touching kept bytes.
std::vector<ByteRange> skippable_scans(std::span<const JpegScan> scans, std::size_t from, std::span<const BlockScale> scales);

}  // namespace thumbline
