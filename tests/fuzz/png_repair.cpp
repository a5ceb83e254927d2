#include "tests/fuzz/png_repair.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace thumbline::fuzz {
namespace {

constexpr std::size_t signature = 8;
constexpr std::size_t chunk_head = 8;  // length, name
constexpr std::size_t checksum = 4;

std::uint32_t number(std::span<const std::byte> at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::uint32_t>(at[i]);
  return value;
}

std::array<std::byte, 4> bytes_of(unsigned long value) {
  std::array<std::byte, 4> bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes.at(i) = static_cast<std::byte>(value >> (24 - 8 * i));
  return bytes;
}

/// Calls `visit` with each chunk's name and data.
template <class Visit>
void for_each_chunk(std::span<std::byte> file, const Visit& visit) {
  if (file.size() < signature) return;
  for (auto rest = file.subspan(signature); rest.size() >= chunk_head + checksum;) {
    const std::size_t length = number(rest);
    if (length > rest.size() - chunk_head - checksum) return;
    visit(rest.subspan(4, 4 + length), rest.subspan(chunk_head + length, checksum));
    rest = rest.subspan(chunk_head + length + checksum);
  }
}

/// What zlib makes of packed data, the frame around them aside.
struct Unpacked {
  bool whole = false;
  std::size_t end = 0;    ///< where their checksum is to stand
  unsigned long sum = 0;  ///< and what it is to be
  std::string_view complaint;
};

Unpacked unpack(std::span<std::byte> packed) {
  constexpr std::size_t frame_head = 2;
  if (packed.size() < frame_head) return {};
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return {};
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> closing(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data()) + frame_head;
  stream.avail_in = static_cast<uInt>(packed.size() - frame_head);
  std::array<Bytef, 1 << 15> out{};
  Unpacked unpacked;
  unpacked.sum = adler32(0, nullptr, 0);
  int state = Z_OK;
  for (int blocks = 0; state == Z_OK && blocks < 64; ++blocks) {
    stream.next_out = out.data();
    stream.avail_out = out.size();
    state = inflate(&stream, Z_NO_FLUSH);
    unpacked.sum = adler32(unpacked.sum, out.data(), static_cast<uInt>(out.size() - stream.avail_out));
  }
  unpacked.end = packed.size() - stream.avail_in;
  unpacked.whole = state == Z_STREAM_END && stream.avail_in >= checksum;
  if (stream.msg != nullptr) unpacked.complaint = stream.msg;  // static texts
  return unpacked;
}

/// Where the packed data are, byte by byte: they may be in several chunks.
std::vector<std::byte*> packed_bytes(std::span<std::byte> file) {
  std::vector<std::byte*> places;
  for_each_chunk(file, [&](std::span<std::byte> chunk, std::span<std::byte>) {
    if (std::memcmp(chunk.data(), "IDAT", 4) != 0) return;
    for (std::byte& byte : chunk.subspan(4)) places.push_back(&byte);
  });
  return places;
}

std::vector<std::byte> gathered(const std::vector<std::byte*>& places) {
  std::vector<std::byte> bytes(places.size());
  std::ranges::transform(places, bytes.begin(), [](const std::byte* byte) { return *byte; });
  return bytes;
}

void repair_packed(std::span<std::byte> file) {
  const std::vector<std::byte*> places = packed_bytes(file);
  std::vector<std::byte> packed = gathered(places);
  const Unpacked unpacked = unpack(packed);
  if (!unpacked.whole) return;
  const auto right = bytes_of(unpacked.sum);
  for (std::size_t i = 0; i < right.size(); ++i) *places[unpacked.end + i] = right.at(i);
}

}  // namespace

void repair_png(std::vector<std::byte>& file, bool packed) {
  if (packed) repair_packed(file);
  for_each_chunk(file, [](std::span<std::byte> chunk, std::span<std::byte> place) {
    const auto* data = reinterpret_cast<const Bytef*>(chunk.data());
    std::ranges::copy(bytes_of(crc32(0, data, static_cast<uInt>(chunk.size()))), place.begin());
  });
}

bool has_reserved_codes(std::vector<std::byte> png) {
  std::vector<std::byte> packed = gathered(packed_bytes(png));
  const std::string_view complaint = unpack(packed).complaint;
  return complaint == "invalid literal/length code" || complaint == "invalid distance code";
}

}  // namespace thumbline::fuzz
