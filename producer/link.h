#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace thumbline {

/// One thing to be done: a link, or in `resize` a picture that is already there.
struct Link {
  std::uint64_t id = 0;  ///< of what makes it the same link (link_id())
  std::string url;   ///< as it is requested (but for characters that HTTP does not carry); in `resize` the picture's path, in a
                     ///< tree from its root on
  std::string name;  ///< of its files, without folder (in `resize`: below the thumbnails' folder) and extension
  std::string source;     ///< in `resize`: the absolute path; else empty
  std::string extension;  ///< in `resize`: the picture's own, without the dot; `.` where it has none of a picture
};

/// Longest link that is taken, in bytes; RFC 9110 4.1 asks for 8,000.
inline constexpr std::size_t max_link_bytes = 8192;

/// Reads one line of a list (read_pasted_link(), read_url(), read_imgur_link()). Two links are the same where their normal
/// forms are, and `https://i.imgur.com/ID.jpg`, `http://i.imgur.com/ID.png?1`, `https://imgur.com/ID` and so on are all the
/// same picture ID. The name is `ID` for those, which has letters and digits alone, else the link's file name, `-`, and the 16
/// hex digits of the id: links of one name have one id. UTF-8, never a path, never hidden, at most 200 bytes. Fails with
/// `bad-link`; Imgur's videos with `unsupported-format`, its albums with `not-an-image`.
Result<Link> parse_link(std::string_view text);

/// The link that stands in ledger and tables for a line that parse_link() did not take.
Link bad_line(std::string_view text);

/// A picture for `resize`: `source` is where it lies, `path` what it is called and told apart by, `place` where it has its
/// thumbnail, below the thumbnails' folder (PicturePlaces).
Link picture_file(const std::string& source, const std::string& path, const std::string& place);

}  // namespace thumbline
