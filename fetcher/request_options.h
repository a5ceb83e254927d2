#pragma once
#include <string>
#include <vector>

#include "fetcher/proxy_rule.h"

namespace thumbline {

/// How pictures are asked for.
struct RequestOptions {
  std::string user_agent;            ///< empty: thumbline's own
  std::vector<std::string> headers;  ///< "Name: value"
  int max_redirects = 10;            ///< followed for one link
  bool insecure = false;             ///< certificates of servers are not checked
  ProxyRule proxies;
};

}  // namespace thumbline
