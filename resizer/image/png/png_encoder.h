#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "resizer/image/raster/pixels.h"

namespace thumbline {

/// PNG packed by libdeflate, 8 bits, without metadata.
class PngEncoder {
 public:
  PngEncoder();
  ~PngEncoder();
  PngEncoder(const PngEncoder&) = delete;
  PngEncoder& operator=(const PngEncoder&) = delete;

  /// The whole file. `picture` is not CMYK.
  std::vector<std::byte> write(const Bitmap& picture);

 private:
  void filter(const Bitmap& picture);
  void add_chunk(std::string_view name, std::span<const std::uint8_t> data);

  struct Close {
    void operator()(void* packer) const;
  };
  std::unique_ptr<void, Close> packer_;
  std::vector<std::uint8_t> rows_;                 ///< filtered, each behind its filter's number
  std::vector<std::uint8_t> best_, tried_, zero_;  ///< rows
  std::vector<std::uint8_t> packed_;
  std::vector<std::byte> file_;
};

}  // namespace thumbline
