#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace thumbline {

/// A range of bytes in a file.
struct ByteRange {
  std::size_t begin = 0, end = 0;
};

/// A scan of a JPEG as its header describes it (ITU-T T.81, B.2.3). Coefficients are numbered in zigzag order.
struct JpegScan {
  ByteRange bytes;              ///< from its marker to that of the next segment, or to the end of the file
  bool is_open = false;         ///< no segment follows: only decoding tells whether it is complete
  int components = 0;           ///< 0 if the header is invalid
  int component = 0;            ///< identifier of the first component
  std::array<int, 4> all = {};  ///< identifiers of all components
  int first = 0, last = 0;      ///< coefficients: Ss, Se
  int high = 0, low = 0;        ///< successive approximation: Ah, Al
};

/// A JPEG's scans up to the end-of-image marker, at most `most`; found without decoding (T.81, B.1.1: segments state their
/// length, and coded data contain no markers other than restart markers).
std::vector<JpegScan> find_scans(std::span<const std::byte> jpeg, std::size_t most);

/// Whether the scans have all bits of all coefficients of these components (identifiers).
bool are_complete(std::span<const JpegScan> scans, std::span<const int> components);

/// How a component is decoded.
struct BlockScale {
  int component = 0;                         ///< identifier
  int size = 8;                              ///< width and height in samples of a decoded block, 1 to 8
  std::array<std::uint16_t, 64> steps = {};  ///< quantisation table, row by row
};

/// The scans of a progressive JPEG, from offset `from` on, that can be skipped if the decoded picture is reduced by two or
/// more: what they add is too fine to show, in space or in value, and no other scan depends on them. Never the open scan. In
/// file order.
std::vector<ByteRange> skippable_scans(std::span<const JpegScan> scans, std::size_t from, std::span<const BlockScale> scales);

}  // namespace thumbline
