// How a head answers that is one: tests/producer/door_test.cpp.
#include "common/net/head.h"

#include "common/base/program.h"
#include "common/net/message.h"
#include "tests/catch.h"
#include "tests/program_run.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  RunKey key = RunKey::generate();
  Network network{key};
};

}  // namespace

TEST_CASE("a head of another version is refused by name") {
  Fixture f;
  zmq::socket_t door = f.network.bind(zmq::socket_type::router, "door", "tcp://127.0.0.1:*", Flow{});
  Head head(f.network, Network::bound_endpoint(door), {});
  const auto talk = [&] {
    for (const Moment until = now() + test::patience; now() < until;) {
      head.attend(now());
      std::vector<zmq::pollitem_t> items{{door.handle(), 0, ZMQ_POLLIN, 0}, {head.handle(), 0, ZMQ_POLLIN, 0}};
      zmq::poll(items, 50ms);
      zmq::message_t peer;
      wire::Present present;
      if (!door.recv(peer, zmq::recv_flags::dontwait)) continue;
      receive_bytes(door, present);
      wire::Places places;
      places.set_version(protocol_version + 1);
      door.send(peer, zmq::send_flags::sndmore);
      send_bytes(door, places);
    }
  };
  CHECK_THROWS_AS(talk(), Stop);
}

TEST_CASE("a door is tcp://HOST:PORT") {
  Fixture f;
  const std::string door =
      GENERATE(as<std::string>(), "", "host", "host:7117", "tcp://", "tcp://:7117", "tcp://host:port", "ipc:///tmp/x");
  CHECK_THROWS_AS(Head(f.network, door, {}), Stop);
}

TEST_CASE("where others are is said as this host reaches them") {
  Fixture f;
  const Head head(f.network, "tcp://head.example:7117", {});
  CHECK(head.endpoint(7119) == "tcp://head.example:7119");
  wire::Source source;
  source.set_port(7120);
  CHECK(head.endpoint(source) == "tcp://head.example:7120");
  source.set_address("198.18.0.2");
  CHECK(head.endpoint(source) == "tcp://198.18.0.2:7120");
}
