#include "producer/publisher.h"

#include <map>

#include "common/net/message.h"
#include "tests/catch.h"
#include "tests/program_run.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  Fixture() { publisher.give_tokens(LinkTokens(key, "run")); }

  zmq::socket_t fetcher() { return network.connect(zmq::socket_type::pull, publisher.endpoint(), Flow{}); }

  /// Publishes the next link where `waiting` wait; false where there is no room within `limit`.
  bool publish(std::size_t waiting, std::chrono::milliseconds limit = test::patience) {
    const Link link{++id, "http://host/" + std::to_string(id), "name", {}, {}};
    for (const Moment until = now() + limit; now() < until;) {
      if (publisher.publish({&link, 1, false, 1, false, nullptr}, false, waiting)) return true;
      zmq::pollitem_t item = publisher.poll_item();
      zmq::poll(&item, 1, 10ms);
    }
    return false;
  }

  RunKey key = RunKey::generate();
  Network network{key};
  Publisher publisher{network, ProducerOptions()};
  std::uint64_t id = 0;
};

/// How many links the next message has.
std::size_t links_in_message(zmq::socket_t& fetcher) {
  zmq::pollitem_t item{fetcher.handle(), 0, ZMQ_POLLIN, 0};
  zmq::poll(&item, 1, test::patience);
  wire::Link message;
  return receive(fetcher, message) == Received::message ? take_apart(message).size() : 0;
}

}  // namespace

TEST_CASE("nothing is kept for a message where there is nobody to send it to") {
  Fixture f;
  CHECK_FALSE(f.publish(1000, 100ms));
}

TEST_CASE("of many links several go in one message, and of few each by itself") {
  Fixture f;
  zmq::socket_t fetcher = f.fetcher();
  for (int i = 0; i < 4; ++i) REQUIRE(f.publish(1000));
  CHECK(links_in_message(fetcher) == 4);
  REQUIRE(f.publish(4));
  CHECK(links_in_message(fetcher) == 1);
}

TEST_CASE("a message that is not full goes with the flush") {
  Fixture f;
  zmq::socket_t fetcher = f.fetcher();
  REQUIRE(f.publish(1000));
  REQUIRE(f.publish(1000));
  CHECK(f.publisher.flush());
  CHECK(links_in_message(fetcher) == 2);
}

TEST_CASE("who stalls holds few links, however many go in one message") {
  Fixture f;
  const zmq::socket_t stalled = f.network.connect(zmq::socket_type::pull, f.publisher.endpoint(), Flow::tight());
  std::size_t held = 0;
  while (held < 1000 && f.publish(1000, held == 0 ? test::patience : 300ms)) ++held;
  CHECK(held < 50);
}
