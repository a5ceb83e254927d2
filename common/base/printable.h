#pragma once
#include <string>
#include <string_view>

namespace thumbline {

/// Text from outside as one line of printable ASCII, at most 200 characters; the rest becomes `?`. For whatever is shown: a
/// terminal obeys control characters.
std::string printable(std::string_view text);

}  // namespace thumbline
