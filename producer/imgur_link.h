#pragma once
#include <optional>
#include <string>

#include "producer/url.h"

namespace thumbline {

/// What a link to Imgur's site leads to.
struct ImgurLink {
  enum class Kind { picture, video, album };
  Kind kind;
  std::string id;  ///< letters and digits
  Url url;         ///< of a picture: where its bytes are
};

/// Links to pictures (`i.imgur.com/ID.jpg`), to the pages around one (`imgur.com/ID`, `/gallery/TITLE-ID`, `/t/TAG/ID`,
/// `/r/SUB/ID`), to videos and to albums (`/a/ID`). Nothing for all other links. A page of the gallery may be an album's: those
/// have 7 characters nowadays, as pictures do, and are taken for a picture. Any extension serves the picture: its bytes say
/// what it is. A letter behind the 7 of an id asks for another size; that is another picture.
std::optional<ImgurLink> read_imgur_link(const Url& url);

}  // namespace thumbline
