#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace thumbline {

/// Whether `text` is well-formed UTF-8 (RFC 3629: no surrogates, nothing longer than needed, nothing above U+10FFFF) without
/// NUL characters.
bool is_utf8(std::string_view text);

/// How many bytes at the start of `text` are such text: those before the first byte that is not, or all.
std::size_t utf8_prefix(std::string_view text);

/// `text` with each byte that is no part of well-formed UTF-8, and each NUL, written as %XX: what such a byte would be in a
/// URL.
std::string as_utf8(std::string_view text);

/// How many characters a terminal shows for well-formed `text`; ours has none that take two columns or none.
std::size_t columns(std::string_view text);

}  // namespace thumbline
