#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace thumbline {

/// A part of a PNG (W3C PNG, third edition, 5.3), where it lies in the file.
class PngChunk {
 public:
  PngChunk() = default;

  /// The first one of `bytes`; without a name where there is not all of it.
  static PngChunk first_of(std::span<const std::byte> bytes);

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::span<const std::byte> data() const { return data_; }

  /// Its checksum is right.
  [[nodiscard]] bool is_sound() const;

  /// Everything behind it.
  [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }

 private:
  std::string_view name_;
  std::span<const std::byte> data_, rest_;
};

/// The data of the first chunk of that name in a whole PNG; empty where there is none, or its checksum is wrong.
std::span<const std::byte> find_png_chunk(std::span<const std::byte> png, std::string_view name);

}  // namespace thumbline
