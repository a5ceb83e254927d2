#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace thumbline {

/// What a file is by its own first bytes; what a link, a header or a file name says is often wrong.
enum class ImageKind : std::uint8_t { jpeg, png, gif, webp, bmp, tiff, ico, avif, heic, jxl };

/// What is known of one kind, but for its codec (resizer/image/codecs.h).
struct ImageFormat {
  struct Signature {
    std::size_t offset = 0;
    std::string_view bytes;
  };
  /// Whether a file whose first bytes are `head` and whose signature ends at `end` really is of this kind.
  using Check = bool (*)(std::string_view head, std::size_t end);

  ImageKind kind;
  std::string_view name;                       ///< "JPEG"
  std::string_view mime_type;                  ///< "image/jpeg"
  std::array<std::string_view, 4> extensions;  ///< without a dot, lower case; files are given the first one
  std::array<Signature, 4> signatures;         ///< any of them
  std::optional<ImageKind> thumbnail = {};     ///< what `--format same` makes of it; none: it cannot be decoded
  bool after_blanks = false;                   ///< it is looked for behind leading blanks, too
  Check check = nullptr;                       ///< for signatures that are too short to go by them alone

  [[nodiscard]] constexpr bool is_decoded() const { return thumbnail.has_value(); }
  [[nodiscard]] constexpr bool is_encoded() const { return thumbnail == kind; }
};

/// The table of formats, in the order of ImageKind.
std::span<const ImageFormat> image_formats();
const ImageFormat& format_of(ImageKind kind);

/// How many of the first bytes image_kind() looks at.
inline constexpr std::size_t image_kind_bytes = 32;

/// How much of `head` stands before the picture: blanks, line ends and byte-order marks, which careless scripts send first.
std::size_t leading_blanks(std::span<const std::byte> head);

/// The kind of the picture that starts with `head` (at least the first image_kind_bytes of it, or all of a shorter file);
/// nothing where it is no picture. Behind leading blanks only some kinds are looked for: the others' first bytes may as well be
/// a text's.
std::optional<ImageKind> image_kind(std::span<const std::byte> head);

/// The usual extension, without a dot: "jpg", "png", ...
std::string_view extension(ImageKind kind);

/// The kind that a file name's extension (without the dot, either case) stands for; nothing for any other.
std::optional<ImageKind> kind_of_extension(std::string_view text);

/// The kind of a MIME type such as "image/jpeg"; nothing for any other.
std::optional<ImageKind> kind_of_mime_type(std::string_view text);

/// Whether thumbnails may be of that kind. `kind` may be a number that is no kind.
bool is_thumbnail_kind(ImageKind kind);

/// The kind of thumbnails that `--format` asks for by the second half of its MIME type: "jpeg", "png"; nothing for "same" and
/// whatever else is no format of thumbnails.
std::optional<ImageKind> thumbnail_kind(std::string_view format);

/// All that `--format` takes: "same", then the formats of thumbnails.
std::vector<std::string> thumbnail_formats();

}  // namespace thumbline
