#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace thumbline {

/// What a file is by its own first bytes; what a link, a header or a file name says is often wrong.
enum class ImageKind : std::uint8_t { jpeg, png, gif, webp, bmp, tiff, ico, avif, heic, jxl };

/// How many of the first bytes image_kind() looks at.
inline constexpr std::size_t image_kind_bytes = 32;

/// How much of `head` stands before the picture: blanks, line ends and byte-order marks, which careless scripts send first.
std::size_t leading_blanks(std::span<const std::byte> head);

/// The kind of the picture that starts with `head` (at least the first image_kind_bytes of it, or all of a shorter file);
/// nothing where it is no picture. Behind leading blanks only JPEG and PNG are known: the others' first bytes may as well be a
/// text's.
std::optional<ImageKind> image_kind(std::span<const std::byte> head);

/// The usual extension, without a dot: "jpg", "png", ...
std::string_view extension(ImageKind kind);

/// The kind that a file name's extension (without the dot, either case) stands for; nothing for any other.
std::optional<ImageKind> kind_of_extension(std::string_view text);

}  // namespace thumbline
