#include "producer/line_source.h"

#include <sys/stat.h>

#include <cerrno>
#include <iostream>
#include <system_error>

#include "common/base/program.h"

namespace thumbline {

std::string_view without_byte_order_mark(std::string_view line) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  return line;
}

std::string_view content_of_line(std::string_view line) {
  constexpr std::string_view white = " \t\r\n\v\f";
  line = without_byte_order_mark(line);
  const std::size_t begin = line.find_first_not_of(white);
  if (begin == std::string_view::npos || line[begin] == '#') return {};
  // A `#` within a link is its fragment; one after white space starts a comment.
  for (std::size_t at = line.find('#', begin); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (white.find(line[at - 1]) != std::string_view::npos) {
      line = line.substr(0, at);
      break;
    }
  }
  return line.substr(begin, line.find_last_not_of(white) - begin + 1);
}

LineSource::LineSource(const std::string& file) : file_(file), in_(&std::cin) {
  if (file == "-") return;
  struct stat info {};
  if (::stat(file.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
    throw Stop(ExitCode::bad_usage, "cannot read the list " + file + ": it is a folder");
  }
  opened_.open(file, std::ios::binary);
  if (!opened_) throw Stop(ExitCode::bad_usage, "cannot read the list " + file + ": " + std::generic_category().message(errno));
  in_ = &opened_;
}

std::optional<Found> LineSource::next(std::stop_token stop) {
  while (!stop.stop_requested() && std::getline(*in_, line_)) {
    const std::string_view text = content_of_line(line_);
    if (text.empty()) continue;
    any_ = true;
    Result<Link> link = parse_link(text);
    if (link) return Found{std::move(*link), std::nullopt};
    return Found{bad_line(text), std::move(link.error())};
  }
  if (!any_) remark_ = "there are no links in " + (file_ == "-" ? "standard input" : file_);
  if (in_->bad()) remark_ = "the list " + file_ + " could not be read to its end; run the same command again";
  return std::nullopt;
}

}  // namespace thumbline
