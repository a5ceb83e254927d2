#include "fetcher/header_rule.h"

#include <algorithm>
#include <initializer_list>
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

using Words = std::initializer_list<std::string_view>;

/// How many codings of a list are others than these. `identity` is no coding (RFC 2616, 3.5 and 3.6).
int count_codings(std::string_view codings, Words others_than) {
  int count = 0;
  while (!codings.empty()) {
    const std::size_t end = std::min(codings.find(','), codings.size());
    const std::string_view coding = trimmed(codings.substr(0, end));
    const bool is_one = std::ranges::any_of(others_than, [&](std::string_view word) { return is_word(coding, word); });
    if (!coding.empty() && !is_one) ++count;
    codings.remove_prefix(std::min(end + 1, codings.size()));
  }
  return count;
}

std::string shown(std::string_view value) {
  constexpr std::size_t most = 80;
  return printable(std::string(trimmed(value).substr(0, most)));
}

}  // namespace

Result<void> HeaderRule::take(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > most_bytes || ++lines_ > most_lines) {
    return failed(Reason::too_large, "the headers of its answer are longer than " + std::to_string(most_bytes) + " bytes or " +
                                         std::to_string(most_lines) + " lines");
  }
  note_end(line);
  std::string_view value = line;
  if (!line.starts_with(' ') && !line.starts_with('\t')) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = trimmed(line.substr(0, colon));
    field_ = is_word(name, "transfer-encoding")  ? Field::transfer_encoding
             : is_word(name, "content-encoding") ? Field::content_encoding
                                                 : Field::other;
    value.remove_prefix(std::min(colon + 1, line.size()));
  }
  return check_codings(value);
}

void HeaderRule::note_end(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    const std::size_t space = std::min(line.find(' '), line.size());
    is_interim_ = line.substr(space).starts_with(" 1");
    has_ended_ = false;
    content_codings_ = 0;
    has_window_ = false;
  } else if (trimmed(line).empty() && !is_interim_) {
    has_ended_ = true;
  }
}

Result<void> HeaderRule::check_codings(std::string_view value) {
  if (field_ == Field::transfer_encoding && count_codings(value, {"chunked", "identity"}) > 0) {
    return failed(Reason::not_an_image,
                  "the answer comes in a coding that nobody asked for (Transfer-Encoding: " + shown(value) + ")");
  }
  if (field_ != Field::content_encoding) return {};
  content_codings_ += count_codings(value, {"none", "identity"});
  has_window_ = has_window_ || count_codings(value, {"none", "identity", "gzip", "x-gzip", "deflate"}) > 0;
  if (content_codings_ <= 1) return {};
  return failed(Reason::not_an_image, "the picture is in one coding within another (Content-Encoding: " + shown(value) + ")");
}

}  // namespace thumbline
