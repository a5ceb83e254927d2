#include "resizer/thumbnail_claim.h"

#include <optional>

#include "common/base/image_kind.h"
#include "resizer/image/raster/geometry.h"

namespace thumbline {
namespace {

int two_bytes(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<int>(bytes[at]) << 8 | std::to_integer<int>(bytes[at + 1]);
}

/// By its IHDR chunk, which comes first (PNG specification, 11.2.2).
std::optional<Size> size_in_png(std::span<const std::byte> file) {
  constexpr std::size_t width = 16;
  if (file.size() < width + 8 || two_bytes(file, width) != 0 || two_bytes(file, width + 4) != 0) return std::nullopt;
  return Size{two_bytes(file, width + 2), two_bytes(file, width + 6)};
}

/// By its frame header (ITU-T T.81, B.2.2), which must come in these bytes: a thumbnail has no metadata.
std::optional<Size> size_in_jpeg(std::span<const std::byte> file) {
  constexpr int dht = 0xC4, jpg = 0xC8, dac = 0xCC;
  for (std::size_t at = 2; at + 9 <= file.size();) {
    if (file[at] != std::byte{0xFF}) return std::nullopt;
    const int marker = std::to_integer<int>(file[at + 1]);
    if (marker >= 0xC0 && marker <= 0xCF && marker != dht && marker != jpg && marker != dac) {
      return Size{two_bytes(file, at + 7), two_bytes(file, at + 5)};
    }
    at += 2 + static_cast<std::size_t>(two_bytes(file, at + 2));
  }
  return std::nullopt;
}

/// More than any encoder makes of so many pixels, its blocks of 16 by 16 included.
std::uint64_t most_bytes(Size size) {
  return (64U << 10) + 8 * std::uint64_t(size.width + 16) * std::uint64_t(size.height + 16);
}

bool has_kind_of(Format format, ImageKind kind) {
  return format == Format::same || kind == (format == Format::png ? ImageKind::png : ImageKind::jpeg);
}

}  // namespace

std::string objection_to(const DecodeReply& reply, const DecodeOrder& order, const Limits& limits,
                         std::span<const std::byte> first) {
  const Size size{reply.width, reply.height};
  const Size source{reply.source_width, reply.source_height};
  if (source.width < 1 || source.height < 1 || std::uint64_t(source.width) * std::uint64_t(source.height) > limits.max_pixels) {
    return "an original of a size that is not allowed";
  }
  const bool upright = size == lay_out(source, order.recipe).canvas;
  const bool turned = size == lay_out({source.height, source.width}, order.recipe).canvas;
  if (!upright && !turned) return "a thumbnail of a size that was not ordered";
  if (reply.bytes > most_bytes(size)) return "more bytes than a thumbnail of that size has";
  if (!has_kind_of(order.recipe.format, reply.kind)) return "a thumbnail of a kind that was not ordered";
  if (leading_blanks(first) != 0 || image_kind(first) != reply.kind) return "a thumbnail whose bytes are none";
  if ((reply.kind == ImageKind::png ? size_in_png(first) : size_in_jpeg(first)) != size)
    return "a size that its bytes do not have";
  return "";
}

}  // namespace thumbline
