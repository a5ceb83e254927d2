#include "fetcher/redirect.h"

#include <curl/curl.h>

#include <memory>

#include "common/base/printable.h"
#include "fetcher/request_url.h"

namespace thumbline {
namespace {

bool has(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  const bool found = curl_url_get(url, part, &text, 0) == CURLUE_OK;
  curl_free(text);
  return found;
}

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

Result<std::string> redirect_target(long status, const std::string& url, std::string_view location) {
  const auto refused = [&](const std::string& why) {
    return failed(Reason::http_status(static_cast<int>(status)), printable(host_of(url)) + " redirects to " + why);
  };
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> target(curl_url(), curl_url_cleanup);
  if (curl_url_set(target.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_set(target.get(), CURLUPART_URL, request_url(location).c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return refused("what is no link: " + printable(location));
  }
  const std::string scheme = part(target.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return refused("something other than http and https: " + printable(location));
  if (has(target.get(), CURLUPART_USER) || has(target.get(), CURLUPART_PASSWORD)) {
    return refused("a URL with a user name or a password in it");
  }
  std::string whole = part(target.get(), CURLUPART_URL);
  if (whole.empty() || host_of(whole).empty()) return refused("what is no link: " + printable(location));
  return whole;
}

}  // namespace thumbline
