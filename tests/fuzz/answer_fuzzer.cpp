// How a server's answer is judged: status, Retry-After, its words.
#include <string>

#include "common/base/printable.h"
#include "fetcher/request_url.h"
#include "fetcher/verdict.h"
#include "tests/fuzz/input.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

std::int64_t number(Input& input) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | input.byte();
  return static_cast<std::int64_t>(value);
}

std::string text(Input& input) {
  const auto bytes = input.take(input.byte());
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  TransferEnd end;
  end.code = static_cast<CURLcode>(input.below(CURL_LAST));
  const int status = input.byte() << 2 | input.below(4);
  end.status = status < 100 || status > 999 ? 0 : status;  // libcurl takes three digits
  end.redirects = end.status == 0 ? 0 : input.below(6);
  end.connected = input.below(2) == 1;
  end.bytes = static_cast<std::uint64_t>(number(input));
  end.retry_after = std::chrono::seconds(number(input) / 1'000'000'000);
  if (input.below(4) == 0) end.refused_address = "10.0.0.1";
  if (input.below(4) == 0) end.body_failure = Failure(Reason::too_large, "more than 5 bytes have come");
  end.url = text(input);
  end.host = printable(host_of(end.url));
  end.error = text(input);
  end.content_range = text(input);
  end.coding = text(input);
  end.proxy_status = input.below(4) == 0 ? 100 + input.byte() : 0;
  end.body_start = input.text();

  const auto failure = judge(end);
  if (!failure) {
    require(end.code == CURLE_OK && brings_picture(end.status, end.content_range), "only a whole answer is no failure");
    return 0;
  }
  require(!failure->detail.empty() && is_printable(failure->detail), "what a failure says is one line of text");
  require(failure->retry_after.count() >= 0 && failure->retry_after <= longest_retry_after, "patience has its limits");
  require(end.status == 0 || Reason::parse(failure->reason.text()) == failure->reason, "a reason is one of ours");
  return 0;
}
