#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "resizer/image/image_encoder.h"
#include "resizer/image/raster/geometry.h"

namespace thumbline {

/// Encodes PNG with libdeflate, 8 bits per sample.
class PngEncoder : public ImageEncoder {
 public:
  PngEncoder();
  ~PngEncoder() override;

  [[nodiscard]] bool has_alpha() const override { return true; }
  Result<std::vector<std::byte>> encode(const Bitmap& picture, const Recipe& recipe) override;

  /// Codec::encoded_size.
  static std::optional<Size> encoded_size(std::span<const std::byte> head);

 private:
  void filter(const Bitmap& picture);
  void add_chunk(std::string_view name, std::span<const std::uint8_t> data);

  struct Close {
    void operator()(void* packer) const;
  };
  std::unique_ptr<void, Close> packer_;
  std::vector<std::uint8_t> rows_;                 ///< filtered, each after its filter byte
  std::vector<std::uint8_t> best_, tried_, zero_;  ///< rows
  std::vector<std::uint8_t> packed_;
  std::vector<std::byte> file_;
};

}  // namespace thumbline
