#include "fetcher/shared_caches.h"

#include <set>

#include "tests/catch.h"

using thumbline::SharedCaches;

TEST_CASE("a host always has the same caches; many hosts have several, and no more than so many") {
  SharedCaches caches;
  std::set<CURLSH*> of_names;
  std::set<CURLSH*> of_addresses;
  for (int i = 0; i < 1000; ++i) {
    const std::string host = std::to_string(i) + ".example:443";
    CURLSH* const cache = caches.of(host, false);
    CHECK(caches.of(host, false) == cache);
    of_names.insert(cache);
    of_addresses.insert(caches.of("127.0.0." + std::to_string(i) + ":443", true));
  }
  CHECK(of_names.size() >= 16);  // at 8 sessions each, enough for the hosts of one lane
  CHECK(of_names.size() <= 64);
  CHECK(of_addresses.size() <= 64);
  for (CURLSH* const cache : of_addresses) CHECK_FALSE(of_names.contains(cache));
}
