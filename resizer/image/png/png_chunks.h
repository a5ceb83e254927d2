#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace thumbline {

/// A chunk of a PNG (W3C PNG, third edition, 5.3), as a view of the file.
class PngChunk {
 public:
  PngChunk() = default;

  /// The first chunk of `bytes`; its name is empty if it is incomplete.
  static PngChunk first_of(std::span<const std::byte> bytes);

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::span<const std::byte> data() const { return data_; }

  /// Whether its checksum is correct.
  [[nodiscard]] bool is_sound() const;

  /// The bytes after it.
  [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }

 private:
  std::string_view name_;
  std::span<const std::byte> data_, rest_;
};

/// The data of the first chunk of that name in a whole PNG; empty if there is none or its checksum is wrong.
std::span<const std::byte> find_png_chunk(std::span<const std::byte> png, std::string_view name);

}  // namespace thumbline
