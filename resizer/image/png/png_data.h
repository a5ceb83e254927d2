#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace thumbline {

/// A PNG's rows, decompressed at once by libdeflate: several times as fast as row by row with zlib.
class PngData {
 public:
  PngData();
  ~PngData();
  PngData(const PngData&) = delete;
  PngData& operator=(const PngData&) = delete;

  /// Decompresses all rows. `chunks`: the file from the first IDAT chunk on. `row_bytes`: without the filter byte. False on any
  /// error in the chunks (W3C PNG, 5), their checksums or the compressed data; does not tell which.
  bool unpack(std::span<const std::byte> chunks, std::size_t row_bytes, std::size_t rows);

  /// The next row, unfiltered. `pixel`: bytes per pixel. Valid until the next unpack().
  const std::uint8_t* next_row(std::size_t pixel);

  /// Frees the memory.
  void drop();

 private:
  std::span<const std::byte> gather(std::span<const std::byte> chunks, std::size_t most);

  struct Close {
    void operator()(void* unpacker) const;
  };
  std::unique_ptr<void, Close> unpacker_;
  std::vector<std::byte> packed_;  ///< the compressed data, if in several chunks
  std::vector<std::uint8_t> rows_;
  std::size_t row_bytes_ = 0;
  std::size_t next_ = 0;  ///< offset of the next row's filter byte
};

}  // namespace thumbline
