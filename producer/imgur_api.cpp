#include "producer/imgur_api.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "common/base/program.h"

namespace thumbline {
namespace {

constexpr std::size_t max_answer_bytes = 16 << 20;

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size * count > max_answer_bytes) return 0;
  text.append(data, size * count);
  return size * count;
}

}  // namespace

ImgurApi::ImgurApi(std::string base, const std::string& client_id)
    : base_(std::move(base)), curl_(curl_easy_init(), &curl_easy_cleanup), headers_(nullptr, &curl_slist_free_all) {
  while (base_.ends_with('/')) base_.pop_back();
  const bool plain = std::ranges::all_of(client_id, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
  if (client_id.empty() || !plain) {
    throw Stop(ExitCode::bad_usage, "Imgur wants a client id (letters and digits): set IMGUR_CLIENT_ID or use --client-id");
  }
  headers_.reset(curl_slist_append(nullptr, ("Authorization: Client-ID " + client_id).c_str()));
  CURL* curl = curl_.get();
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "thumbline");
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
}

Result<GalleryPage> ImgurApi::gallery(int page) {
  return get("/3/gallery/random/random/" + std::to_string(page));
}

Result<GalleryPage> ImgurApi::album(const std::string& id) {
  const bool plain = std::ranges::all_of(id, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
  if (!plain) return failed(Reason::corrupt, "an album's id is none");
  return get("/3/album/" + id + "/images");
}

Result<GalleryPage> ImgurApi::get(const std::string& path) {
  CURL* curl = curl_.get();
  body_.clear();
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body_);  // here, since this object may have moved since
  curl_easy_setopt(curl, CURLOPT_URL, (base_ + path).c_str());
  if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) {
    return failed(Reason::connect, base_ + path + ": " + curl_easy_strerror(code));
  }
  for (const char* name : {"X-RateLimit-UserRemaining", "X-RateLimit-ClientRemaining"}) {
    curl_header* header = nullptr;
    if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) continue;
    const long left = std::strtol(header->value, nullptr, 10);
    remaining_ = name == std::string_view("X-RateLimit-UserRemaining") || !remaining_ ? left : std::min(*remaining_, left);
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  constexpr long too_many_requests = 429;  // RFC 6585, 4
  if (status == too_many_requests) return failed(Reason::rate_limited, "too many requests (429)");
  // The page's own words are asked first: "over capacity" comes as 403, and a 429 was seen with status 500 in the JSON.
  Result<GalleryPage> page = read_gallery_page(body_);
  const bool busy = !page && page.error().reason == Reason::rate_limited;
  if (status == 200 || busy) return page;
  return failed(Reason::http_status(static_cast<int>(status)),
                base_ + path + ": HTTP " + std::to_string(status) + (page ? "" : ", " + page.error().detail));
}

}  // namespace thumbline
