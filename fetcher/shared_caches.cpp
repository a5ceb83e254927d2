#include "fetcher/shared_caches.h"

#include <functional>
#include <new>

namespace thumbline {

CURLSH* SharedCaches::of(const std::string& host, bool is_literal_address) {
  Part& part = parts_[std::hash<std::string>{}(host) % parts];
  Share& share = is_literal_address ? part.addresses : part.names;
  if (!share) {
    share.reset(curl_share_init());
    if (!share) throw std::bad_alloc();
    curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    if (is_literal_address) curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  }
  return share.get();
}

}  // namespace thumbline
