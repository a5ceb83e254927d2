#pragma once
#include <string>

#include "collector/link_row.h"

namespace thumbline {

/// The first line of results.csv. The names of its columns are a contract (docs/output.md): add at the end, never rename.
std::string csv_heading();

/// The line of one link, quoted as RFC 4180 says, ending in a line feed. UTF-8 without control characters: a byte of a URL that
/// is no UTF-8 becomes %XX, a control character \xHH. Only paths of files have bytes that are no UTF-8 as they are, so that the
/// files can be opened. Text that a spreadsheet would calculate, or that begins with an apostrophe, has an apostrophe in front.
std::string csv_line(const LinkRow& row);

}  // namespace thumbline
