// How a head answers that is one: tests/producer/door_test.cpp.
#include "common/net/head.h"

#include <memory>

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

namespace {

/// A head that answers each heartbeat, and wants the next one so late.
struct SlowHead {
  SlowHead(Network& network, const std::string& at) : door(network.bind(zmq::socket_type::router, "door", at, Flow{})) {}

  /// How many heartbeats wait here.
  int answer(std::uint32_t heartbeat_ms) {
    int heard = 0;
    for (zmq::message_t peer; door.recv(peer, zmq::recv_flags::dontwait); ++heard) {
      wire::Present present;
      if (receive(door, present) != Received::message) continue;
      wire::Places places;
      places.set_heartbeat_ms(heartbeat_ms);
      door.send(peer, zmq::send_flags::sndmore);
      send(door, places);
    }
    return heard;
  }

  zmq::socket_t door;
};

/// Lets both go on, at a time that stands still for the worker, until `heard`.
template <class Heard>
bool talk(Head& worker, Moment time, SlowHead& head, Heard heard) {
  for (const Moment until = now() + test::patience; now() < until;) {
    if (heard(worker.attend(time))) return true;
    std::vector<zmq::pollitem_t> items{{head.door.handle(), 0, ZMQ_POLLIN, 0}, {worker.handle(), 0, ZMQ_POLLIN, 0}};
    zmq::poll(items, 20ms);
  }
  return false;
}

}  // namespace

TEST_CASE("a worker speaks as often as its head wants to hear it, and at once to one that has come back") {
  Fixture f;
  auto head = std::make_unique<SlowHead>(f.network, "tcp://127.0.0.1:*");
  const std::string door = Network::bound_endpoint(head->door);
  Head worker(f.network, door, {});
  const Moment begin = Moment() + 1h;
  REQUIRE(talk(worker, begin, *head, [&](bool news) {
    head->answer(20'000);
    return news;
  }));
  // Until it has heard that the connection stands, and has been answered.
  talk(worker, begin, *head, [&, turns = 0](bool) mutable {
    head->answer(20'000);
    return ++turns > 20;
  });
  CHECK(worker.due() <= begin + 1s);  // it looks whether there is news
  worker.attend(begin + 19s);
  talk(worker, begin + 19s, *head, [turns = 0](bool) mutable { return ++turns > 5; });
  CHECK(head->answer(20'000) == 0);
  worker.attend(begin + 21s);
  CHECK(talk(worker, begin + 21s, *head, [&](bool) { return head->answer(20'000) > 0; }));
  REQUIRE(talk(worker, begin + 21s, *head, [&](bool news) { return news; }));

  head.reset();
  for (const Moment until = now() + test::patience; now() < until;) {  // libzmq closes it when it likes
    try {
      head = std::make_unique<SlowHead>(f.network, door);
      break;
    } catch (const Stop&) {
    }
  }
  REQUIRE(head);
  CHECK(talk(worker, begin + 22s, *head, [&](bool) { return head->answer(20'000) > 0; }));
}

TEST_CASE("a worker whose head is silent does not pile up heartbeats for it") {
  Fixture f;
  SlowHead head(f.network, "tcp://127.0.0.1:*");
  Head worker(f.network, Network::bound_endpoint(head.door), {});
  const Moment begin = Moment() + 1h;
  for (Moment at = begin; at < begin + 4min; at += 100ms) worker.attend(at);
  int heard = 0;
  REQUIRE(talk(worker, begin + 4min, head, [&](bool news) {
    heard += head.answer(500);
    return news;
  }));
  CHECK(heard < 60);  // one every half second would be 480
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
