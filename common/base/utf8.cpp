#include "common/base/utf8.h"

#include <algorithm>

namespace thumbline {
namespace {

/// How many bytes the well-formed character at the start of `text` has; 0 where there is none. RFC 3629, 4.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto in = [&](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  const auto tail = [&](std::size_t i) { return in(i, 0x80, 0xbf); };
  const unsigned first = byte(0);
  if (in(0, 0x01, 0x7f)) return 1;
  if (in(0, 0xc2, 0xdf)) return tail(1) ? 2 : 0;
  if (in(0, 0xe0, 0xef)) return in(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && tail(2) ? 3 : 0;
  if (in(0, 0xf0, 0xf4)) {
    return in(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

bool is_plain(char c) {
  return static_cast<signed char>(c) > 0;  // ASCII without NUL
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) {
  std::string_view rest = text;
  for (std::size_t length = 1; length > 0 && !rest.empty(); rest.remove_prefix(length)) {
    // Nearly all of what comes is ASCII.
    rest.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(rest, is_plain) - rest.begin()));
    length = character_length(rest);
  }
  return text.size() - rest.size();
}

bool is_utf8(std::string_view text) {
  return utf8_prefix(text) == text.size();
}

std::string as_utf8(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length > 0) {
      result += text.substr(0, length);
      text.remove_prefix(length);
      continue;
    }
    const auto byte = static_cast<unsigned char>(text.front());
    result += {'%', digits[byte >> 4], digits[byte & 15]};
    text.remove_prefix(1);
  }
  return result;
}

std::size_t columns(std::string_view text) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return static_cast<std::size_t>(std::ranges::count_if(text, begins));
}

}  // namespace thumbline
