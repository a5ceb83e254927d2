#include "common/base/printable.h"

#include <algorithm>

namespace thumbline {

std::string printable(std::string_view text) {
  constexpr std::size_t most = 200;
  std::string line(text.substr(0, most));
  std::ranges::replace_if(
      line, [](char c) { return c < ' ' || c > '~'; }, '?');
  return line;
}

}  // namespace thumbline
