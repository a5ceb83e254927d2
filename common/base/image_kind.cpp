#include "common/base/image_kind.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace thumbline {
namespace {

using namespace std::string_view_literals;

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint32_t little_endian(std::string_view text, std::size_t at, std::size_t length) {
  std::uint32_t value = 0;
  for (std::size_t i = length; i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[at + i]);
  return value;
}

/// A bitmap's second header says how long it is (wingdi.h, BITMAPCOREHEADER to BITMAPV5HEADER; OS/2's has 16 or 64 bytes).
bool is_bmp(std::string_view text, std::size_t) {
  constexpr std::array<std::uint32_t, 8> lengths{12, 16, 40, 52, 56, 64, 108, 124};
  return text.size() >= 18 && std::ranges::find(lengths, little_endian(text, 14, 4)) != lengths.end();
}

/// Icons: how many, and a first entry of which one byte is reserved. Films have the same four bytes (MPEG's picture start
/// code).
bool is_ico(std::string_view text, std::size_t) {
  return text.size() >= 22 && little_endian(text, 4, 2) >= 1 && little_endian(text, 4, 2) <= 1024 && text[9] == '\0';
}

/// What follows the signature: pictures have other bytes than letters there.
bool is_prose(std::string_view text) {
  constexpr std::size_t enough = 12;
  const auto is_text = [](char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n'; };
  return text.size() >= enough && std::ranges::all_of(text, is_text);
}

bool is_no_prose(std::string_view text, std::size_t signature_end) {
  return !is_prose(text.substr(signature_end));
}

bool is_riff(std::string_view text, std::size_t) {
  return text.starts_with("RIFF");
}

// Signatures: JPEG: ITU-T T.81 B.1.1.3 (SOI, then a marker). PNG: W3C PNG 5.2. GIF: GIF89a 17. WebP: RFC 9649, 2.4. TIFF: TIFF
// 6.0, 2. ISO media (AVIF, HEIC): ISO/IEC 14496-12 4.3, the major brand of the `ftyp` box. JPEG XL: ISO/IEC 18181-2.
constexpr std::array formats{
    ImageFormat{.kind = ImageKind::jpeg,
                .name = "JPEG",
                .mime_type = "image/jpeg",
                .extensions = {"jpg", "jpeg", "jpe", "jfif"},
                .signatures = {{{0, "\xff\xd8\xff"sv}}},
                .thumbnail = ImageKind::jpeg,
                .after_blanks = true},
    ImageFormat{.kind = ImageKind::png,
                .name = "PNG",
                .mime_type = "image/png",
                .extensions = {"png", "apng"},
                .signatures = {{{0, "\x89PNG\r\n\x1a\n"sv}}},
                .thumbnail = ImageKind::png,
                .after_blanks = true},
    ImageFormat{.kind = ImageKind::gif,
                .name = "GIF",
                .mime_type = "image/gif",
                .extensions = {"gif"},
                .signatures = {{{0, "GIF87a"sv}, {0, "GIF89a"sv}}},
                .check = is_no_prose},
    ImageFormat{.kind = ImageKind::webp,
                .name = "WebP",
                .mime_type = "image/webp",
                .extensions = {"webp"},
                .signatures = {{{8, "WEBP"sv}}},
                .check = is_riff},
    ImageFormat{.kind = ImageKind::bmp,
                .name = "BMP",
                .mime_type = "image/bmp",
                .extensions = {"bmp"},
                .signatures = {{{0, "BM"sv}}},
                .check = is_bmp},
    ImageFormat{.kind = ImageKind::tiff,
                .name = "TIFF",
                .mime_type = "image/tiff",
                .extensions = {"tif", "tiff"},
                .signatures = {{{0, "II*\0"sv}, {0, "MM\0*"sv}}}},
    ImageFormat{.kind = ImageKind::ico,
                .name = "ICO",
                .mime_type = "image/vnd.microsoft.icon",
                .extensions = {"ico"},
                .signatures = {{{0, "\0\0\1\0"sv}}},
                .check = is_ico},
    ImageFormat{.kind = ImageKind::avif,
                .name = "AVIF",
                .mime_type = "image/avif",
                .extensions = {"avif"},
                .signatures = {{{4, "ftypavif"sv}, {4, "ftypavis"sv}}}},
    ImageFormat{.kind = ImageKind::heic,
                .name = "HEIC",
                .mime_type = "image/heic",
                .extensions = {"heic"},
                .signatures = {{{4, "ftypheic"sv}, {4, "ftypheix"sv}, {4, "ftypmif1"sv}}}},
    ImageFormat{.kind = ImageKind::jxl,
                .name = "JPEG XL",
                .mime_type = "image/jxl",
                .extensions = {"jxl"},
                .signatures = {{{0, "\xff\x0a"sv}, {4, "JXL \r\n\x87\n"sv}}},
                .check = is_no_prose},
};

constexpr bool are_in_order() {
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (static_cast<std::size_t>(formats[i].kind) != i) return false;
  }
  return true;
}
static_assert(are_in_order(), "format_of() takes a kind for the number of its row");

/// Whether `text`, behind leading blanks or not, begins with one of the format's signatures.
bool matches(const ImageFormat& format, std::string_view text) {
  return std::ranges::any_of(format.signatures, [&](const ImageFormat::Signature& signature) {
    const std::size_t end = signature.offset + signature.bytes.size();
    return !signature.bytes.empty() && text.size() >= end &&
           text.substr(signature.offset, signature.bytes.size()) == signature.bytes &&
           (format.check == nullptr || format.check(text, end));
  });
}

std::string_view option_of(const ImageFormat& format) {
  return format.mime_type.substr(format.mime_type.find('/') + 1);
}

}  // namespace

std::span<const ImageFormat> image_formats() {
  return formats;
}

const ImageFormat& format_of(ImageKind kind) {
  return formats.at(static_cast<std::size_t>(kind));
}

std::size_t leading_blanks(std::span<const std::byte> head) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  const std::string_view text = as_text(head);
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.substr(at).starts_with(byte_order_mark)) {
      at += byte_order_mark.size();
    } else if (" \t\r\n"sv.find(text[at]) != std::string_view::npos) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

std::optional<ImageKind> image_kind(std::span<const std::byte> head) {
  head = head.first(std::min(head.size(), image_kind_bytes));  // so that it does not matter how much of the file is here
  const std::size_t blanks = leading_blanks(head);
  const std::string_view text = as_text(head.subspan(blanks));
  for (const ImageFormat& format : formats) {
    if ((blanks == 0 || format.after_blanks) && matches(format, text)) return format.kind;
  }
  return std::nullopt;
}

std::string_view extension(ImageKind kind) {
  return format_of(kind).extensions.front();
}

std::optional<ImageKind> kind_of_extension(std::string_view text) {
  const auto same = [text](std::string_view extension) {
    return std::ranges::equal(text, extension, [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
  };
  if (text.empty()) return std::nullopt;
  for (const ImageFormat& format : formats) {
    if (std::ranges::any_of(format.extensions, same)) return format.kind;
  }
  return std::nullopt;
}

std::optional<ImageKind> kind_of_mime_type(std::string_view text) {
  const auto* found = std::ranges::find(formats, text, &ImageFormat::mime_type);
  if (found == formats.end()) return std::nullopt;
  return found->kind;
}

bool is_thumbnail_kind(ImageKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  return number < formats.size() && formats.at(number).is_encoded();
}

std::optional<ImageKind> thumbnail_kind(std::string_view format) {
  for (const ImageFormat& row : formats) {
    if (row.is_encoded() && option_of(row) == format) return row.kind;
  }
  return std::nullopt;
}

std::vector<std::string> thumbnail_formats() {
  std::vector<std::string> all{"same"};
  for (const ImageFormat& format : formats) {
    if (format.is_encoded()) all.emplace_back(option_of(format));
  }
  return all;
}

}  // namespace thumbline
