#include "producer/host_queues.h"

#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

const Moment start = Moment() + 1h;

/// Takes what may go out now.
std::vector<std::uint64_t> drain(HostQueues& queues, Moment now, const std::vector<Host*>& host_of) {
  std::vector<std::uint64_t> out;
  while (const auto link = queues.next(now)) {
    queues.take();
    host_of.at(*link)->pace.published(now);
    queues.changed(*host_of.at(*link), now);
    out.push_back(*link);
  }
  return out;
}

}  // namespace

TEST_CASE("a link's host is told as fetchers tell it") {
  CHECK(host_and_port_of("http://Example.org/a.jpg") == "example.org:80");
  CHECK(host_and_port_of("https://example.org?x") == "example.org:443");
  CHECK(host_and_port_of("https://example.org:8443/") == "example.org:8443");
  CHECK(host_and_port_of("http://[::1]/a") == "[::1]:80");
  CHECK(host_and_port_of("/home/a.jpg").empty());
}

TEST_CASE("hosts take turns, and each one's links keep their order") {
  HostQueues queues(0);
  Host& a = queues.enter("a:80");
  Host& b = queues.enter("b:80");
  std::vector<Host*> host_of(7, &a);
  for (std::uint64_t link = 0; link < 4; ++link) queues.wait(a, link, start);
  for (std::uint64_t link = 4; link < 7; ++link) {
    host_of[link] = &b;
    queues.wait(b, link, start);
  }
  CHECK(queues.next(start) == queues.next(start));
  CHECK(drain(queues, start, host_of) == std::vector<std::uint64_t>{0, 4, 1, 5, 2, 6, 3});
  CHECK(queues.waiting() == 0);
}

TEST_CASE("it says when a host that has a ceiling may go on, and only its links count as patient") {
  HostQueues queues(2);
  Host& host = queues.enter("a:80");
  const std::vector<Host*> host_of(3, &host);
  for (std::uint64_t link = 0; link < 3; ++link) queues.wait(host, link, start);
  CHECK(drain(queues, start, host_of) == std::vector<std::uint64_t>{0});
  CHECK(queues.wake() > start + 400ms);
  CHECK(queues.wake() <= start + 500ms);
  CHECK(queues.waiting_for_limited() == 2);
  CHECK(drain(queues, start + 500ms, host_of) == std::vector<std::uint64_t>{1});
  CHECK(queues.take_waiting(host) == std::vector<std::uint64_t>{2});
  CHECK(queues.waiting_for_limited() == 0);
  CHECK(queues.wake() == Moment::max());
}

TEST_CASE("a host without links is remembered, until there are too many of them") {
  HostQueues queues(0);
  Host& host = queues.enter("a:80");
  host.pace.published(start);
  host.pace.refused({{1, start}, 1h}, 0.5, start);
  queues.leave(host);
  CHECK(queues.enter("a:80").pace.next(start) > start);
  queues.leave(queues.enter("a:80"));
  queues.leave(queues.enter("a:80"));
  for (int i = 0; i < 20'000; ++i) queues.leave(queues.enter(std::to_string(i)));
  CHECK(queues.known() < 10'000);
}
