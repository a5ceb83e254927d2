#include "collector/results_csv.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "collector/utf8.h"
#include "common/base/printable.h"

namespace thumbline {
namespace {

/// Spreadsheets calculate cells that begin so (also in full width), and some of what they can calculate does harm. One
/// apostrophe in front makes it text; what begins with one gets another, so that taking one away gives back what was there.
bool is_formula(std::string_view cell) {
  constexpr std::array<std::string_view, 9> beginnings{"'", "=", "+", "-", "@", "＝", "＋", "－", "＠"};
  return std::ranges::any_of(beginnings, [&](std::string_view beginning) { return cell.starts_with(beginning); });
}

/// Puts a line together, field by field.
class CsvLine {
 public:
  CsvLine& text(std::string_view field) {
    begin_field();
    // Nearly all fields are plain.
    const bool is_plain = std::ranges::all_of(field, [](char c) { return c >= ' ' && c <= '~'; });
    const std::string shown = is_plain ? std::string() : visible(as_utf8(field));
    const std::string_view cell = is_plain ? field : shown;
    is_formula(cell) ? put(std::string(1, '\'').append(cell)) : put(cell);
    return *this;
  }
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
  void put(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
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
  to.text(fetch.image).number(fetch.bytes).number(fetch.http_status);
  if (fetch.span) {
    to.ms(fetch.span->duration_us()).ms(fetch.dns_us).ms(fetch.connect_us).ms(fetch.first_byte_us);
  } else {
    to.empty(4);
  }
  to.text(fetch.worker);
}

void put_resize(CsvLine& to, const LinkRow::Resize& resize) {
  to.number(resize.source_width).number(resize.source_height);
  to.text(resize.thumbnail).number(resize.width).number(resize.height).number(resize.bytes);
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
  line.text(row.link).text(row.name).text(row.reason.empty() ? "done" : "failed").text(row.reason).text(row.detail);
  line.number(row.attempts);
  row.fetch ? put_fetch(line, *row.fetch) : void(line.empty(8));
  row.resize ? put_resize(line, *row.resize) : void(line.empty(8));
  return line.end();
}

}  // namespace thumbline
