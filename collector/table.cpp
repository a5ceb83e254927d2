#include "collector/table.h"

#include <algorithm>
#include <numeric>

#include "common/base/utf8.h"

namespace thumbline {
namespace {

constexpr std::size_t terminal = 80;  // columns that every terminal has

std::vector<std::size_t> widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> result;
  for (const auto& row : rows) {
    result.resize(std::max(result.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) result[i] = std::max(result[i], columns(row[i]));
  }
  return result;
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  const std::vector<std::size_t> width = widths(rows);
  const std::size_t wide = std::reduce(width.begin(), width.end()) + 2 * (width.size() - 1);
  const std::size_t gap = wide <= terminal ? 2 : 1;
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t blanks = width[i] - columns(row[i]);
      if (i > 0) text.append(gap + blanks, ' ');
      text += row[i];
      if (i == 0) text.append(blanks, ' ');
    }
    text += '\n';
    if (&row != &rows.front()) continue;
    for (std::size_t i = 0; i < width.size(); ++i) {
      if (i > 0) text.append(gap, ' ');
      text.append(width[i], '-');
    }
    text += '\n';
  }
  return text;
}

std::string wrapped(const std::string& head, const std::vector<std::string>& parts, std::size_t columns_there) {
  std::string text;
  std::string line = head;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string part = parts[i];
    if (i + 1 < parts.size()) part += ',';
    if (columns(line) + 1 + columns(part) > columns_there && line != head) {
      text += line + '\n';
      line.assign(1, ' ');
    }
    line += ' ';
    line += part;
  }
  return text + line + '\n';
}

}  // namespace thumbline
