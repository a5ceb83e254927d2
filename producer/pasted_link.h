#pragma once
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace thumbline {

/// The URL within what somebody pasted: without brackets and quotation marks around it, a comma behind it, spaces that cannot
/// be seen, and its fragment; with `https://` in front where it begins with the name of a host. Spaces within stay. Fails with
/// `bad-link` where that is no http or https link, in words that say what it is.
Result<std::string> read_pasted_link(std::string_view text);

/// Whether `https://` had to be put in front of a link that read_pasted_link() took.
bool lacks_scheme(std::string_view text);

/// Without white space at both ends, Unicode's and the zero-width kinds included.
std::string_view without_outer_space(std::string_view text);

}  // namespace thumbline
