#include "producer/door.h"

#include "common/net/head.h"
#include "common/net/message.h"
#include "tests/catch.h"
#include "tests/program_run.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  Fixture() {
    wire::Places places;
    places.set_results(7119);
    places.set_links(7118);
    places.set_store("store");
    door.emplace(network, "tcp://127.0.0.1:*", places, 7);
    here = door->endpoint().substr(0, door->endpoint().rfind(':') + 1);
  }

  /// Lets both sides speak until `heard`; false where that never comes.
  template <class Heard>
  bool talk(Head& head, Heard heard) {
    for (const Moment until = now() + test::patience; now() < until;) {
      door->answer(now() + ahead);
      if (head.attend(now()) && heard()) return true;
      std::vector<zmq::pollitem_t> items{{door->handle(), 0, ZMQ_POLLIN, 0}, {head.handle(), 0, ZMQ_POLLIN, 0}};
      zmq::poll(items, 50ms);
    }
    return false;
  }

  RunKey key = RunKey::generate();
  Network network{key};
  std::optional<Door> door;
  std::chrono::seconds ahead{0};  ///< of the door's clock
  std::string here;               ///< what endpoints on this host begin with
};

}  // namespace

TEST_CASE("a worker that knows the door hears where all others are") {
  Fixture f;
  Head head(f.network, f.door->endpoint(), {});
  REQUIRE(f.talk(head, [] { return true; }));
  CHECK(head.endpoint(head.places().links()) == f.here + "7118");
  CHECK(head.endpoint(head.places().results()) == f.here + "7119");
  CHECK(head.places().sources().empty());
  CHECK_FALSE(head.places().over());
}

TEST_CASE("resizers hear of a fetcher that came, and all hear that the run is over") {
  Fixture f;
  Head fetcher(f.network, f.door->endpoint(), {});
  fetcher.introduce("store", "tcp://0.0.0.0:7120");
  REQUIRE(f.talk(fetcher, [] { return true; }));
  Head resizer(f.network, f.door->endpoint(), {});
  resizer.look_for_sources("store");
  REQUIRE(f.talk(resizer, [&] { return resizer.places().sources_size() == 1; }));
  CHECK(resizer.endpoint(resizer.places().sources(0)) == f.here + "7120");
  f.door->say_farewell();
  CHECK(f.talk(resizer, [&] { return resizer.places().over(); }));
}

TEST_CASE("what is not said again stays known") {
  Fixture f;
  Head fetcher(f.network, f.door->endpoint(), {});
  fetcher.introduce("store", "tcp://0.0.0.0:7120");
  REQUIRE(f.talk(fetcher, [] { return true; }));
  Head resizer(f.network, f.door->endpoint(), {});
  resizer.look_for_sources("store");
  REQUIRE(f.talk(resizer, [&] { return resizer.places().sources_size() == 1; }));
  REQUIRE(f.talk(resizer, [&] { return resizer.places().same_sources(); }));
  CHECK(resizer.places().sources_size() == 1);
  f.door->say_farewell();
  REQUIRE(f.talk(resizer, [&] { return resizer.places().over(); }));
  CHECK(resizer.places().sources_size() == 1);
}

TEST_CASE("a worker that is silent but connected hears of the end, and one whose connection is gone disturbs nobody") {
  Fixture f;
  wire::Present present;
  present.set_host("left");
  zmq::socket_t silent = f.network.connect(zmq::socket_type::dealer, f.door->endpoint(), Flow{});
  auto gone = std::make_optional(f.network.connect(zmq::socket_type::dealer, f.door->endpoint(), Flow{}));
  send(silent, present);
  send(*gone, present);
  for (zmq::socket_t* worker : {&silent, &*gone}) {
    wire::Places places;
    for (const Moment until = now() + test::patience; places.results() == 0 && now() < until;) {
      f.door->answer(now());
      std::vector<zmq::pollitem_t> items{{worker->handle(), 0, ZMQ_POLLIN, 0}};
      zmq::poll(items, 50ms);
      receive(*worker, places);
    }
    REQUIRE(places.results() == 7119);
  }
  gone.reset();
  f.door->changes();
  f.door->answer(now() + 10min);
  const auto changes = f.door->changes();
  REQUIRE(changes.size() == 1);
  CHECK_FALSE(changes[0].joined);
  f.door->answer(now() + 20min);
  f.door->say_farewell();
  wire::Places places;
  for (const Moment until = now() + test::patience; !places.over() && now() < until;) {
    std::vector<zmq::pollitem_t> items{{silent.handle(), 0, ZMQ_POLLIN, 0}};
    zmq::poll(items, 50ms);
    receive(silent, places);
  }
  CHECK(places.over());
}

TEST_CASE("a worker of another version hears which one the head speaks") {
  Fixture f;
  zmq::socket_t other = f.network.connect(zmq::socket_type::dealer, f.door->endpoint(), Flow{});
  wire::Present present;
  present.set_version(protocol_version + 1);
  present.set_paths(7120);
  send_bytes(other, present);
  wire::Places places;
  for (const Moment until = now() + test::patience; places.version() == 0 && now() < until;) {
    f.door->answer(now());
    std::vector<zmq::pollitem_t> items{{f.door->handle(), 0, ZMQ_POLLIN, 0}, {other.handle(), 0, ZMQ_POLLIN, 0}};
    zmq::poll(items, 50ms);
    receive_bytes(other, places);
  }
  CHECK(places.version() == protocol_version);
  CHECK(places.sources().empty());
}
