#include "common/base/image_kind.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace thumbline {
namespace {

using namespace std::string_view_literals;

struct Signature {
  ImageKind kind;
  std::size_t offset;
  std::string_view bytes;
};

// JPEG: ITU-T T.81 B.1.1.3 (SOI, then a marker). PNG: W3C PNG 5.2. GIF: GIF89a 17. TIFF: TIFF 6.0, 2. ISO media (AVIF, HEIC):
// ISO/IEC 14496-12 4.3, the major brand of the `ftyp` box. JPEG XL: ISO/IEC 18181-2.
constexpr std::array signatures{
    Signature{ImageKind::jpeg, 0, "\xff\xd8\xff"sv}, Signature{ImageKind::png, 0, "\x89PNG\r\n\x1a\n"sv},
    Signature{ImageKind::gif, 0, "GIF87a"sv},        Signature{ImageKind::gif, 0, "GIF89a"sv},
    Signature{ImageKind::webp, 8, "WEBP"sv},         Signature{ImageKind::bmp, 0, "BM"sv},
    Signature{ImageKind::tiff, 0, "II*\0"sv},        Signature{ImageKind::tiff, 0, "MM\0*"sv},
    Signature{ImageKind::ico, 0, "\0\0\1\0"sv},      Signature{ImageKind::avif, 4, "ftypavif"sv},
    Signature{ImageKind::avif, 4, "ftypavis"sv},     Signature{ImageKind::heic, 4, "ftypheic"sv},
    Signature{ImageKind::heic, 4, "ftypheix"sv},     Signature{ImageKind::heic, 4, "ftypmif1"sv},
    Signature{ImageKind::jxl, 0, "\xff\x0a"sv},      Signature{ImageKind::jxl, 4, "JXL \r\n\x87\n"sv},
};

struct Extension {
  std::string_view text;
  ImageKind kind;
};

// The first of a kind is the one that files get.
constexpr std::array extensions{
    Extension{"jpg", ImageKind::jpeg},  Extension{"jpeg", ImageKind::jpeg}, Extension{"jpe", ImageKind::jpeg},
    Extension{"jfif", ImageKind::jpeg}, Extension{"png", ImageKind::png},   Extension{"apng", ImageKind::png},
    Extension{"gif", ImageKind::gif},   Extension{"webp", ImageKind::webp}, Extension{"bmp", ImageKind::bmp},
    Extension{"tif", ImageKind::tiff},  Extension{"tiff", ImageKind::tiff}, Extension{"ico", ImageKind::ico},
    Extension{"avif", ImageKind::avif}, Extension{"heic", ImageKind::heic}, Extension{"jxl", ImageKind::jxl},
};

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint32_t little_endian(std::string_view text, std::size_t at, std::size_t length) {
  std::uint32_t value = 0;
  for (std::size_t i = length; i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[at + i]);
  return value;
}

/// A bitmap's second header says how long it is (wingdi.h, BITMAPCOREHEADER to BITMAPV5HEADER; OS/2's has 16 or 64 bytes).
bool is_bmp(std::string_view text) {
  constexpr std::array<std::uint32_t, 8> lengths{12, 16, 40, 52, 56, 64, 108, 124};
  return text.size() >= 18 && std::ranges::find(lengths, little_endian(text, 14, 4)) != lengths.end();
}

/// Icons: how many, and a first entry of which one byte is reserved. Films have the same four bytes (MPEG's picture start
/// code).
bool is_ico(std::string_view text) {
  return text.size() >= 22 && little_endian(text, 4, 2) >= 1 && little_endian(text, 4, 2) <= 1024 && text[9] == '\0';
}

/// What follows the signature: pictures have other bytes than letters there.
bool is_prose(std::string_view text) {
  constexpr std::size_t enough = 12;
  const auto is_text = [](char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n'; };
  return text.size() >= enough && std::ranges::all_of(text, is_text);
}

/// Signatures of a few letters or bytes are too short to go by them alone.
bool is_likely(ImageKind kind, std::string_view text, std::size_t signature_end) {
  switch (kind) {
    case ImageKind::bmp: return is_bmp(text);
    case ImageKind::ico: return is_ico(text);
    case ImageKind::webp: return text.starts_with("RIFF");
    case ImageKind::gif:
    case ImageKind::jxl: return !is_prose(text.substr(signature_end));
    default: return true;
  }
}

}  // namespace

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
  for (const auto& [kind, offset, bytes] : signatures) {
    if (blanks > 0 && kind != ImageKind::jpeg && kind != ImageKind::png) continue;
    const std::size_t end = offset + bytes.size();
    if (text.size() >= end && text.substr(offset, bytes.size()) == bytes && is_likely(kind, text, end)) return kind;
  }
  return std::nullopt;
}

std::string_view extension(ImageKind kind) {
  return std::ranges::find(extensions, kind, &Extension::kind)->text;
}

std::optional<ImageKind> kind_of_extension(std::string_view text) {
  const auto same = [text](const Extension& known) {
    return std::ranges::equal(text, known.text,
                              [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
  };
  const auto* found = std::ranges::find_if(extensions, same);
  if (found == extensions.end()) return std::nullopt;
  return found->kind;
}

}  // namespace thumbline
