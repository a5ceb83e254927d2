#include "resizer/image/png/png_data.h"

#include <libdeflate.h>

#include <cstring>
#include <new>

#include "resizer/image/png/png_chunks.h"
#include "resizer/image/png/png_filter.h"

namespace thumbline {

void PngData::Close::operator()(void* unpacker) const {
  libdeflate_free_decompressor(static_cast<libdeflate_decompressor*>(unpacker));
}

PngData::PngData() : unpacker_(libdeflate_alloc_decompressor()) {
  if (unpacker_ == nullptr) throw std::bad_alloc();
}

PngData::~PngData() = default;

/// The compressed data, at most `most` bytes; empty on any error.
std::span<const std::byte> PngData::gather(std::span<const std::byte> chunks, std::size_t most) {
  PngChunk chunk = PngChunk::first_of(chunks);
  const std::span<const std::byte> first = chunk.data();
  std::size_t parts = 0;
  packed_.clear();
  for (; chunk.name() == "IDAT"; chunk = PngChunk::first_of(chunk.rest())) {
    const auto data = chunk.data();
    if (!chunk.is_sound() || data.size() > most - packed_.size()) return {};
    if (parts == 1) packed_.assign(first.begin(), first.end());
    if (parts > 0) packed_.insert(packed_.end(), data.begin(), data.end());
    ++parts;
  }
  return parts == 1 ? first : packed_;
}

bool PngData::unpack(std::span<const std::byte> chunks, std::size_t row_bytes, std::size_t rows) {
  const std::size_t size = (row_bytes + 1) * rows;
  const std::span<const std::byte> packed = gather(chunks, size + size / 64 + 1024);  // more than the worst compression needs
  if (packed.empty()) return false;
  if (rows_.size() < size + 4) rows_.resize(size + 4);  // unfiltering reads four bytes at a time
  const auto result = libdeflate_zlib_decompress(static_cast<libdeflate_decompressor*>(unpacker_.get()), packed.data(),
                                                 packed.size(), rows_.data(), size, nullptr);
  if (result != LIBDEFLATE_SUCCESS) return false;  // also fails unless it is exactly `size` bytes
  for (std::size_t at = 0; at < size; at += row_bytes + 1) {
    if (rows_[at] > last_png_filter) return false;
  }
  row_bytes_ = row_bytes;
  next_ = 0;
  return true;
}

const std::uint8_t* PngData::next_row(std::size_t pixel) {
  std::uint8_t* row = rows_.data() + next_ + 1;
  const std::uint8_t* above = next_ == 0 ? nullptr : row - row_bytes_ - 1;
  undo_png_filter(rows_[next_], row, above, row_bytes_, pixel);
  next_ += row_bytes_ + 1;
  return row;
}

void PngData::drop() {
  packed_ = {};
  rows_ = {};
}

}  // namespace thumbline
