#pragma once
#include <string>
#include <string_view>

namespace thumbline {

/// Text from outside as one line of printable ASCII, at most 200 characters; the rest becomes `?`. For whatever is shown: a
/// terminal obeys control characters.
std::string printable(std::string_view text);

/// The same for text of which nothing is to be lost: control characters, and bytes that are no UTF-8, become \n, \t, \x1b,
/// \u202e. Whoever reads a terminal, a log or a table sees them and is not fooled.
std::string visible(std::string_view text);

/// The same for text of several lines, which stay lines.
std::string visible_lines(std::string_view text);

}  // namespace thumbline
