#pragma once
// Pictures for the tests: drawn by a formula, so that what a thumbnail should show can be computed, and written by libjpeg and
// libpng with every choice that files in the wild make.
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "resizer/image/raster/pixels.h"

namespace thumbline::drawn {

using Bytes = std::vector<std::byte>;
using Colour = std::array<double, 4>;  ///< 0 to 255: grey or R, G, B (or C, M, Y, K), then alpha if there is one

/// What is seen at a place: `u` and `v` go from 0 (left, top) to 1.
using Scene = std::function<Colour(double u, double v)>;

/// Red grows to the right, green downwards, blue both ways: each orientation looks different.
Colour slopes(double u, double v);

Bitmap draw(int width, int height, Pixel pixel, const Scene& scene = slopes);

/// Of a CMYK JPEG: without a marker that says so, or with Adobe's. All store how much light is left.
enum class Inks : std::uint8_t { plain, adobe_cmyk, adobe_ycck };

/// Of a progressive JPEG (ITU-T T.81, B.2.3).
struct Scan {
  std::vector<int> components;  ///< 0 is the first
  int first, last, high, low;   ///< Ss, Se, Ah, Al
};

struct JpegStyle {
  int quality = 95;
  std::array<int, 2> luma_sampling{2, 2};  ///< horizontal, vertical; of chroma 1 × 1
  bool progressive = false;
  bool arithmetic = false;
  std::vector<Scan> script = {};  ///< progressive; empty: libjpeg's own
  bool one_scan_a_component = false;
  bool keep_rgb = false;    ///< no YCbCr
  Inks inks = Inks::plain;  ///< of a CMYK bitmap
  int restart_rows = 0;
  Bytes exif = {};     ///< of the APP1 segment, with its head
  Bytes profile = {};  ///< ICC
};
Bytes jpeg(const Bitmap& picture, const JpegStyle& style = {});

struct PngStyle {
  int colour_type = 2;  ///< 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  int depth = 8;
  bool interlaced = false;
  std::vector<std::array<int, 4>> palette = {};  ///< RGBA; of colour type 3
  std::vector<int> transparent = {};             ///< the one colour (1 or 3 samples) that is; of colour types 0 and 2
  Bytes exif = {};                               ///< of the eXIf chunk
  Bytes profile = {};
};
/// `samples`: of that depth, row by row.
Bytes png(int width, int height, const PngStyle& style, std::span<const int> samples);
Bytes png(const Bitmap& picture, bool interlaced = false);

/// A JPEG's or a PNG's EXIF block (without "Exif\0\0").
Bytes exif(int orientation, bool big_endian);
/// The same with "Exif\0\0" before it.
Bytes exif_segment(int orientation, bool big_endian);

/// All of a file, decoded without any of the code under test.
Bitmap decode(std::span<const std::byte> file);

/// Where the segment with that marker (0xC0, ...) starts in a JPEG; at the 0xFF.
std::size_t find_marker(std::span<const std::byte> jpeg, int marker);
/// Where a chunk of that name starts in a PNG; at its length.
std::size_t find_chunk(std::span<const std::byte> png, std::string_view name);
/// Makes the checksum of a chunk that was changed right again.
void seal_chunk(Bytes& png, std::size_t chunk);
/// A new chunk, ready to be inserted.
Bytes chunk(std::string_view name, std::span<const std::byte> data);

}  // namespace thumbline::drawn
