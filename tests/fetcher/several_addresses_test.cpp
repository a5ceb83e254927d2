#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "fetcher/transfer.h"
#include "tests/catch.h"
#include "tests/fetcher/fetching.h"

using namespace std::chrono_literals;
using namespace thumbline;
using namespace thumbline::test;

namespace {

/// An address whose queue of connections is full, so that the kernel answers no other: as of a host that is switched off.
class DeadAddress {
 public:
  DeadAddress(const std::string& address, const std::string& port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<in_port_t>(std::stoi(port)));
    ::inet_pton(AF_INET, address.c_str(), &where.sin_addr);
    const auto* at = reinterpret_cast<const sockaddr*>(&where);
    if (::bind(open(), at, sizeof where) != 0 || ::listen(sockets_.front(), 0) != 0)
      throw std::runtime_error("no dead address");
    for (int i = 0; i < 4; ++i) ::connect(open(), at, sizeof where);
  }
  ~DeadAddress() {
    for (const int socket : sockets_) ::close(socket);
  }
  DeadAddress(const DeadAddress&) = delete;
  DeadAddress& operator=(const DeadAddress&) = delete;

 private:
  int open() {
    sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    return sockets_.back();
  }

  std::vector<int> sockets_;
};

}  // namespace

TEST_CASE("of three addresses of a host, two of which are dead, the third is reached within the time for connecting") {
  const Gallery gallery;  // at 127.0.0.1
  const DeadAddress one("127.0.0.2", gallery.port());
  const DeadAddress two("127.0.0.3", gallery.port());
  const ScratchFolder folder;
  Store store(folder.path());
  SharedCaches shared;
  DnsLifetime dns;
  ConnectionMeter connections;
  DecoderBudget decoders;
  Pulse pulse;
  pulse.begin();
  TransferLimits limits = local_limits();
  limits.connect = 8s;
  const std::string answer = "several.example:" + gallery.port() + ":127.0.0.2,127.0.0.3,127.0.0.1";
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> answers(curl_slist_append(nullptr, answer.c_str()),
                                                                            curl_slist_free_all);
  const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(), curl_multi_cleanup);
  Transfer transfer(store, limits, LaneParts{shared, dns, connections, decoders, pulse});
  transfer.begin({1, "http://several.example:" + gallery.port() + "/" + gallery.names("jpg").front(), "name"}, now());
  REQUIRE(curl_easy_setopt(transfer.handle(), CURLOPT_RESOLVE, answers.get()) == CURLE_OK);
  REQUIRE(curl_multi_add_handle(multi.get(), transfer.handle()) == CURLM_OK);
  int running = 1;
  int left = 0;
  const CURLMsg* message = nullptr;
  while ((message = curl_multi_info_read(multi.get(), &left)) == nullptr) {
    REQUIRE(curl_multi_poll(multi.get(), nullptr, 0, 1000, nullptr) == CURLM_OK);
    REQUIRE(curl_multi_perform(multi.get(), &running) == CURLM_OK);
  }
  const CURLcode code = message->data.result;
  curl_multi_remove_handle(multi.get(), transfer.handle());
  const auto fetched = transfer.finish(code, now());
  REQUIRE(fetched.has_value());
  INFO((fetched->failure ? fetched->failure->detail : "done"));
  CHECK_FALSE(fetched->failure.has_value());
  CHECK(fetched->fetch.connect_us() > 1'000'000);  // the others were tried first
}
