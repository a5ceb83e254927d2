#pragma once
#include <curl/curl.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace thumbline {

/// What the transfers of a lane share beside its connections: TLS sessions, so that a new connection to a host met before
/// resumes the last one. A CURLSH has room for 8 sessions (for those of 25 hosts from libcurl 8.12 on), so there are several,
/// and each has its part of the hosts. Hosts that are literal addresses have theirs apart, with their own DNS answers: nobody
/// has to be asked for those, and they must not take up room among the names. Belongs to one thread: no locks.
class SharedCaches {
 public:
  /// For transfers of links of this host, with its port. Lives as long as this object, which must outlive the transfers.
  CURLSH* of(const std::string& host, bool is_literal_address);

 private:
  static constexpr std::size_t parts = 32;
  using Share = std::unique_ptr<CURLSH, decltype(&curl_share_cleanup)>;
  struct Part {
    Share names{nullptr, curl_share_cleanup};
    Share addresses{nullptr, curl_share_cleanup};
  };

  std::array<Part, parts> parts_;  ///< made when they are needed
};

}  // namespace thumbline
