#include "resizer/image/png/png_chunks.h"

#include <libdeflate.h>

#include <cstdint>

namespace thumbline {
namespace {

constexpr std::size_t signature_bytes = 8;
constexpr std::size_t head_bytes = 8;  // length, name
constexpr std::size_t checksum_bytes = 4;

std::uint32_t number(const std::byte* at) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::uint32_t>(at[i]);
  return value;
}

}  // namespace

PngChunk PngChunk::first_of(std::span<const std::byte> bytes) {
  PngChunk chunk;
  if (bytes.size() < head_bytes + checksum_bytes) return chunk;
  const std::size_t length = number(bytes.data());
  if (length > bytes.size() - head_bytes - checksum_bytes) return chunk;
  chunk.name_ = {reinterpret_cast<const char*>(bytes.data()) + 4, 4};
  chunk.data_ = bytes.subspan(head_bytes, length);
  chunk.rest_ = bytes.subspan(head_bytes + length + checksum_bytes);
  return chunk;
}

bool PngChunk::is_sound() const {
  return libdeflate_crc32(0, name_.data(), name_.size() + data_.size()) == number(data_.data() + data_.size());
}

std::span<const std::byte> find_png_chunk(std::span<const std::byte> png, std::string_view name) {
  if (png.size() < signature_bytes) return {};
  for (auto chunk = PngChunk::first_of(png.subspan(signature_bytes)); !chunk.name().empty();
       chunk = PngChunk::first_of(chunk.rest())) {
    if (chunk.name() == name) return chunk.is_sound() ? chunk.data() : std::span<const std::byte>{};
  }
  return {};
}

}  // namespace thumbline
