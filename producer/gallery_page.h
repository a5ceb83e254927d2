#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace thumbline {

/// What one page of Imgur's gallery holds (https://apidocs.imgur.com, "Gallery Image" and "Gallery Album").
struct GalleryPage {
  std::vector<std::string> pictures;  ///< links to pictures of formats that can be decoded, those within albums included
  std::vector<std::string> albums;    ///< ids of albums whose pictures the page does not hold (all)
  std::size_t items = 0;              ///< 0: the gallery ends here
};

/// Reads a page, or an album's list of images (which has the same form). Never throws; text that is no such answer is a
/// failure, `rate-limited` where Imgur says that it is over capacity.
Result<GalleryPage> read_gallery_page(std::string_view json);

}  // namespace thumbline
