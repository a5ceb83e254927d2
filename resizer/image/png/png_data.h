#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace thumbline {

/// A PNG's rows, unpacked all at once by libdeflate: several times as fast as zlib does it row by row.
class PngData {
 public:
  PngData();
  ~PngData();
  PngData(const PngData&) = delete;
  PngData& operator=(const PngData&) = delete;

  /// `chunks`: from the first IDAT chunk on, whatever follows the last of them. `row_bytes` without the filter's byte. False
  /// where there is anything at all wrong with the chunks (W3C PNG, 5), their checksums or the packed data; somebody else has
  /// to find out what.
  bool unpack(std::span<const std::byte> chunks, std::size_t row_bytes, std::size_t rows);

  /// The next row, `pixel` bytes a pixel, with its filter undone. Lives until the next unpack().
  const std::uint8_t* next_row(std::size_t pixel);

  /// Gives the memory back.
  void drop();

 private:
  std::span<const std::byte> gather(std::span<const std::byte> chunks, std::size_t most);

  struct Close {
    void operator()(void* unpacker) const;
  };
  std::unique_ptr<void, Close> unpacker_;
  std::vector<std::byte> packed_;  ///< where it is in several chunks
  std::vector<std::uint8_t> rows_;
  std::size_t row_bytes_ = 0;
  std::size_t next_ = 0;  ///< where the next row's filter is
};

}  // namespace thumbline
