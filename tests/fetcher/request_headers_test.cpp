#include "fetcher/request_headers.h"

#include "tests/catch.h"

using namespace thumbline;

namespace {

std::vector<std::string> fields(const curl_slist* list) {
  std::vector<std::string> fields;
  for (; list != nullptr; list = list->next) fields.emplace_back(list->data);
  return fields;
}

}  // namespace

TEST_CASE("without the user's there are thumbline's own fields") {
  const RequestHeaders headers({});
  CHECK(fields(headers.for_link()) == std::vector<std::string>{"Accept: image/jpeg,image/png,image/*;q=0.8,*/*;q=0.5"});
  CHECK(fields(headers.for_others()) == fields(headers.for_link()));
  CHECK(headers.cookie() == nullptr);
}

TEST_CASE("to other origins go fields that are known to be no secrets") {
  const RequestHeaders headers({"ACCEPT: image/png", "authorization: Bearer x", "X-Token: x", "Referer: https://a.example/",
                                "Cookie: a=1", "cookie:\tb=2", "Sec-Fetch-Mode: no-cors"});
  CHECK(fields(headers.for_link()) == std::vector<std::string>{"ACCEPT: image/png", "authorization: Bearer x", "X-Token: x",
                                                               "Referer: https://a.example/", "Sec-Fetch-Mode: no-cors"});
  CHECK(fields(headers.for_others()) ==
        std::vector<std::string>{"ACCEPT: image/png", "Referer: https://a.example/", "Sec-Fetch-Mode: no-cors"});
  CHECK(headers.cookie() == std::string("a=1; b=2"));
}
