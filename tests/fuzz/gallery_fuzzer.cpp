// Imgur's answers.
#include "producer/gallery_page.h"
#include "producer/link.h"
#include "tests/fuzz/input.h"

using namespace thumbline;
using namespace thumbline::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input(data, size);
  const Result<GalleryPage> page = read_gallery_page(input.text());
  if (!page) {
    const Reason reason = page.error().reason;
    require(reason == Reason::corrupt || reason == Reason::rate_limited, "a failure is one of those documented");
    require(is_printable(page.error().detail) && page.error().detail.size() <= 200, "what a failure says is one line of text");
    return 0;
  }
  for (const std::string& album : page->albums) require(!album.empty(), "an album has an id");
  for (const std::string& picture : page->pictures) {
    require(!picture.empty(), "a picture has a link");
    (void)parse_link(picture);
  }
  require(page->items > 0 || (page->pictures.empty() && page->albums.empty()), "pictures come from items");
  return 0;
}
