#include "fetcher/header_rule.h"

#include <algorithm>
#include <string>

#include "common/base/printable.h"

namespace thumbline {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// `text` in any case; `word` in lower case.
bool is_word(std::string_view text, std::string_view word) {
  return std::ranges::equal(text, word, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

/// Whether a list of codings asks for nothing but to take the chunks together. `identity` is no coding (RFC 2616, 3.6).
bool is_plain(std::string_view codings) {
  while (!codings.empty()) {
    const std::size_t end = std::min(codings.find(','), codings.size());
    const std::string_view coding = trimmed(codings.substr(0, end));
    if (!coding.empty() && !is_word(coding, "chunked") && !is_word(coding, "identity")) return false;
    codings.remove_prefix(std::min(end + 1, codings.size()));
  }
  return true;
}

}  // namespace

Result<void> HeaderRule::take(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > most_bytes || ++lines_ > most_lines) {
    return failed(Reason::too_large, "the headers of its answer are longer than " + std::to_string(most_bytes) + " bytes or " +
                                         std::to_string(most_lines) + " lines");
  }
  std::string_view value = line;
  if (!line.starts_with(' ') && !line.starts_with('\t')) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    in_coding_ = is_word(trimmed(line.substr(0, colon)), "transfer-encoding");
    value.remove_prefix(std::min(colon + 1, line.size()));
  }
  if (!in_coding_ || is_plain(value)) return {};
  constexpr std::size_t shown = 80;
  return failed(Reason::not_an_image, "the answer comes in a coding that nobody asked for (Transfer-Encoding: " +
                                          printable(std::string(trimmed(value).substr(0, shown))) + ")");
}

}  // namespace thumbline
