#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "producer/link_source.h"

namespace thumbline {

/// The lines of a list, however long one is: of each, `longest` bytes are kept.
class LineReader {
 public:
  static constexpr std::size_t longest = std::size_t{64} << 10;  // no link and no path is nearly as long

  /// `file` or, for "-", standard input. Throws Stop (bad_usage) where it cannot be opened, or is a folder.
  explicit LineReader(const std::string& file);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  struct Line {
    std::string_view text;  ///< without its end (`\n`); valid until the next call
    std::uint64_t number;   ///< 1, 2, ...
    bool is_cut;            ///< there was more of it
  };
  /// The next one; nothing at the end. May wait, where the list is a pipe. Throws Stop (cannot_go_on) where it cannot be read
  /// to its end.
  std::optional<Line> next();

  /// What becomes of one that was cut: `bad-link`, with its number.
  [[nodiscard]] Found refused(const Line& line) const;

 private:
  bool fill();

  std::string name_;
  int fd_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< of what was read and not yet handed out
  std::size_t end_ = 0;
  std::string line_;
  std::uint64_t number_ = 0;
};

}  // namespace thumbline
