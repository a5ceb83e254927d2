#pragma once
#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

namespace thumbline {

/// Header fields as libcurl takes them.
using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// The header fields of requests: thumbline's own, and the user's beside or instead of those. To another origin (scheme, host
/// and port; RFC 6454), where a redirect leads, go only such fields of the user's as say what is wanted and by whom: any other
/// may be a secret between the user and the host of the link.
class RequestHeaders {
 public:
  /// `fields` as fault_of_header() lets them pass.
  explicit RequestHeaders(const std::vector<std::string>& fields);

  [[nodiscard]] curl_slist* for_link() const { return for_link_.get(); }
  [[nodiscard]] curl_slist* for_others() const { return for_others_.get(); }
  /// The value of the user's Cookie field, which goes together with cookies that redirects have set; null where there is none.
  [[nodiscard]] const char* cookie() const { return cookie_.empty() ? nullptr : cookie_.c_str(); }

 private:
  HeaderList for_link_;
  HeaderList for_others_;
  std::string cookie_;
};

}  // namespace thumbline
