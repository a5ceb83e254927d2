#pragma once
#include <string>
#include <vector>

namespace thumbline {

/// Rows of text in aligned columns, two blanks between them (one where the table would not fit into 80 columns), the first
/// flush left and the others flush right. The first row is the heading; a rule stands below it.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

/// `parts`, joined by commas after `head`, in lines of at most `columns`; what goes on is indented by two.
std::string wrapped(const std::string& head, const std::vector<std::string>& parts, std::size_t columns);

}  // namespace thumbline
