#include "collector/results_csv.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "common/base/printable.h"
#include "common/base/utf8.h"

namespace thumbline {
namespace {

/// Spreadsheets calculate cells that begin so (also in full width), and some of what they can calculate does harm. One
/// apostrophe in front makes it text; what begins with one gets another, so that taking one away gives back what was there.
bool is_formula(std::string_view cell) {
  constexpr std::array<std::string_view, 9> beginnings{"'", "=", "+", "-", "@", "＝", "＋", "－", "＠"};
  return std::ranges::any_of(beginnings, [&](std::string_view beginning) { return cell.starts_with(beginning); });
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// With bytes that are no UTF-8 as they are: so the file can be opened by its path.
std::string visible_path(std::string_view path) {
  std::string shown;
  for (;;) {
    const std::size_t length = utf8_prefix(path);
    shown += visible(path.substr(0, length));
    if (length == path.size()) return shown;
    shown += path[length] == '\0' ? as_utf8(path.substr(length, 1)) : std::string(1, path[length]);
    path.remove_prefix(length + 1);
  }
}

/// Whether the link is a picture's path, in `resize`. A line that is no link has no name.
bool is_of_file(const LinkRow& row) {
  return !row.name.empty() && row.link.find("://") == std::string::npos;
}

/// Puts a line together, field by field.
class CsvLine {
 public:
  CsvLine& text(std::string_view field) { return cell(is_plain(field) ? std::string(field) : visible(as_utf8(field))); }
  CsvLine& path(std::string_view field) { return cell(is_plain(field) ? std::string(field) : visible_path(field)); }
  /// 0 stands for what is not known or not there.
  CsvLine& number(std::int64_t field) {
    begin_field();
    if (field != 0) line_ += std::to_string(field);
    return *this;
  }
  CsvLine& ms(std::int64_t us) {
    begin_field();
    fmt::format_to(std::back_inserter(line_), "{}.{:03}", us / 1000, us % 1000);
    return *this;
  }
  CsvLine& empty(int fields) {
    for (; fields > 0; --fields) begin_field();
    return *this;
  }
  std::string end() { return std::move(line_) + '\n'; }

 private:
  CsvLine& cell(const std::string& shown) {
    begin_field();
    put(is_formula(shown) ? "'" + shown : shown);
    return *this;
  }
  /// Without line ends, which are visible by now.
  void put(std::string_view text) {
    if (text.find_first_of(",\"") == std::string_view::npos) {
      line_ += text;
      return;
    }
    line_ += '"';
    for (const char c : text) line_.append(c == '"' ? 2 : 1, c);
    line_ += '"';
  }
  void begin_field() {
    if (!first_) line_ += ',';
    first_ = false;
  }

  std::string line_;
  bool first_ = true;
};

void put_fetch(CsvLine& to, const LinkRow::Fetch& fetch) {
  to.path(fetch.image).number(fetch.bytes).number(fetch.http_status);
  if (fetch.span) {
    to.ms(fetch.span->duration_us()).ms(fetch.dns_us).ms(fetch.connect_us).ms(fetch.first_byte_us);
  } else {
    to.empty(4);
  }
  to.text(fetch.worker);
}

void put_resize(CsvLine& to, const LinkRow::Resize& resize) {
  to.number(resize.source_width).number(resize.source_height);
  to.path(resize.thumbnail).number(resize.width).number(resize.height).number(resize.bytes);
  to.ms(resize.span.duration_us()).text(resize.worker);
}

}  // namespace

std::string csv_heading() {
  return "link,name,outcome,reason,detail,attempts,"
         "image,image_bytes,http_status,fetch_ms,dns_ms,connect_ms,first_byte_ms,fetcher,"
         "image_width,image_height,thumbnail,thumbnail_width,thumbnail_height,thumbnail_bytes,resize_ms,resizer\n";
}

std::string csv_line(const LinkRow& row) {
  CsvLine line;
  is_of_file(row) ? line.path(row.link) : line.text(row.link);
  line.path(row.name).text(row.reason.empty() ? "done" : "failed").text(row.reason).text(row.detail);
  line.number(row.attempts);
  row.fetch ? put_fetch(line, *row.fetch) : void(line.empty(8));
  row.resize ? put_resize(line, *row.resize) : void(line.empty(8));
  return line.end();
}

}  // namespace thumbline
