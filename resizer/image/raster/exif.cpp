#include "resizer/image/raster/exif.h"

#include <cstdint>
#include <optional>

namespace thumbline {
namespace {

constexpr std::uint32_t orientation_tag = 274;

/// Size in bytes of an integer type (TIFF 6.0, 2: BYTE, SHORT, LONG, SBYTE, SSHORT, SLONG); 0 for other types.
std::size_t integer_bytes(std::optional<std::uint32_t> type) {
  switch (type.value_or(0)) {
    case 1:
    case 6: return 1;
    case 3:
    case 8: return 2;
    case 4:
    case 9: return 4;
    default: return 0;
  }
}

constexpr std::size_t entry_bytes = 12;

/// Reads numbers at any offset of a block, in its byte order; nullopt past its end.
class TiffBlock {
 public:
  TiffBlock(std::span<const std::byte> bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  [[nodiscard]] std::optional<std::uint32_t> number(std::size_t offset, std::size_t length) const {
    if (offset > bytes_.size() || bytes_.size() - offset < length) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length; ++i) {
      value = value << 8 | std::to_integer<std::uint32_t>(bytes_[offset + (big_endian_ ? i : length - 1 - i)]);
    }
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
  bool big_endian_;
};

int valid(std::optional<std::uint32_t> orientation) {
  return orientation && *orientation >= 1 && *orientation <= 8 ? static_cast<int>(*orientation) : 1;
}

}  // namespace

int exif_orientation(std::span<const std::byte> tiff) {
  if (tiff.size() < 8 || tiff[0] != tiff[1]) return 1;
  const bool big_endian = tiff[0] == std::byte{'M'};
  if (!big_endian && tiff[0] != std::byte{'I'}) return 1;
  const TiffBlock block(tiff, big_endian);
  if (block.number(2, 2) != 42U) return 1;
  const std::size_t directory = *block.number(4, 4);
  const std::uint32_t entries = block.number(directory, 2).value_or(0);
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * entry_bytes;
    const auto tag = block.number(entry, 2);
    if (!tag) return 1;
    if (*tag != orientation_tag) continue;
    const std::size_t length = integer_bytes(block.number(entry + 2, 2));
    return length == 0 ? 1 : valid(block.number(entry + 8, length));
  }
  return 1;
}

}  // namespace thumbline
