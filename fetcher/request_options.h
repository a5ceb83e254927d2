#pragma once
#include "common/net/request_settings.h"
#include "fetcher/proxy_rule.h"

namespace thumbline {

/// How this fetcher asks for pictures: as the run wants it, by the ways and with the trust of this machine.
struct RequestOptions : RequestSettings {
  bool insecure = false;  ///< certificates of servers are not checked
  ProxyRule proxies;
};

}  // namespace thumbline
