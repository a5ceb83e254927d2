#include "producer/line_source.h"

#include <algorithm>

#include "producer/pasted_link.h"

namespace thumbline {
namespace {

constexpr std::string_view white = " \t\r\n\v\f";

/// Where a comment begins in what follows a byte order mark; the line's end where there is none. A `#` within a link is its
/// fragment; one after white space, or before anything else, starts a comment.
std::size_t comment_begin(std::string_view line) {
  std::size_t at = line.find('#');
  while (at != std::string_view::npos && at > 0 && white.find(line[at - 1]) == std::string_view::npos)
    at = line.find('#', at + 1);
  return std::min(at, line.size());
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view line) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  return line;
}

std::string_view content_of_line(std::string_view line) {
  line = without_outer_space(line);
  return without_outer_space(line.substr(0, comment_begin(line)));
}

LineSource::LineSource(const std::string& file) : file_(file), lines_(file) {}

std::optional<Found> LineSource::next(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const std::optional<LineReader::Line> line = lines_.next();
    if (!line) break;
    const std::string_view text = content_of_line(line->text);
    const std::string_view all = without_byte_order_mark(line->text);
    const bool is_too_long = line->is_cut && comment_begin(all) == all.size();
    if (text.empty() && !is_too_long) continue;
    any_ = true;
    if (is_too_long) return lines_.refused(*line);
    Result<Link> link = parse_link(text);
    if (link && lacks_scheme(text) && without_scheme_++ == 0) first_without_scheme_ = text;
    if (link) return Found{std::move(*link), std::nullopt};
    return Found{bad_line(text), std::move(link.error())};
  }
  return std::nullopt;
}

std::string LineSource::remark() const {
  if (!any_) return "there are no links in " + (file_ == "-" ? "standard input" : file_);
  if (without_scheme_ == 0) return {};
  return std::to_string(without_scheme_) + (without_scheme_ == 1 ? " link has" : " links have") +
         " no scheme; https:// was put in front, as of " + first_without_scheme_;
}

}  // namespace thumbline
