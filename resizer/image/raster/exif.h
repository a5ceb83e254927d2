#pragma once
#include <cstddef>
#include <span>

namespace thumbline {

/// The orientation (1 to 8: TIFF 6.0, tag 274; Exif 2.32, 4.6.4) in a block of EXIF data; 1 if there is none or the block is
/// broken. `tiff` starts at the byte order mark: after "Exif\0\0" in a JPEG, at the first byte of a PNG's eXIf chunk.
int exif_orientation(std::span<const std::byte> tiff);

}  // namespace thumbline
