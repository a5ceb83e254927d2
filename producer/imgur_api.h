#pragma once
#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "producer/gallery_page.h"

namespace thumbline {

/// Imgur's API (version 3) as far as we ask it. One curl handle; one thread.
class ImgurApi {
 public:
  /// `base` is "https://api.imgur.com" or a stand-in. Throws Stop (bad_usage) where the client id or the URL cannot be one.
  ImgurApi(std::string base, const std::string& client_id);

  /// GET /3/gallery/random/random/{page}. `rate-limited` where Imgur asks us to stop.
  Result<GalleryPage> gallery(int page);
  /// GET /3/album/{id}/images.
  Result<GalleryPage> album(const std::string& id);

  /// Requests that Imgur still grants by its X-RateLimit headers; nothing where it has not said.
  [[nodiscard]] std::optional<long> remaining() const { return remaining_; }

 private:
  Result<GalleryPage> get(const std::string& path);

  std::string base_;
  std::unique_ptr<CURL, void (*)(CURL*)> curl_;
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers_;
  std::string body_;
  std::optional<long> remaining_;
};

}  // namespace thumbline
