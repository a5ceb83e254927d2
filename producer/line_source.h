#pragma once
#include "producer/line_reader.h"
#include "producer/link_source.h"

namespace thumbline {

/// A list of links: one a line, `#` comments and empty lines skipped, any line ending, a byte order mark forgiven.
/// Its remark says that there are no links, or that some had no scheme.
class LineSource : public LinkSource {
 public:
  /// `file` or, for "-", standard input. Throws Stop (bad_usage) where it cannot be read; next() throws one (cannot_go_on)
  /// where it cannot be read to its end.
  explicit LineSource(const std::string& file);

  std::optional<Found> next(std::stop_token stop) override;
  [[nodiscard]] std::string remark() const override;

 private:
  std::string file_;
  LineReader lines_;
  bool any_ = false;  ///< line that is neither empty nor a comment
  std::uint64_t without_scheme_ = 0;
  std::string first_without_scheme_;
};

/// The words of a line of such a list: without white space at its ends (without_outer_space()), a comment, or a byte order
/// mark; often empty.
std::string_view content_of_line(std::string_view line);

/// What editors of some systems put before a file's first line is no part of it.
std::string_view without_byte_order_mark(std::string_view line);

}  // namespace thumbline
