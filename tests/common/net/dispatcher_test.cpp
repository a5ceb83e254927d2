#include "common/net/dispatcher.h"

#include <chrono>
#include <map>
#include <memory>

#include "common/base/clock.h"
#include "common/net/message.h"
#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  RunKey key = RunKey::generate();
  Network network{key};
  Dispatcher dispatcher{network, "tcp://127.0.0.1:*"};

  zmq::socket_t resizer() { return network.connect(zmq::socket_type::dealer, dispatcher.endpoint(), Flow{}); }

  static void ask(zmq::socket_t& resizer, unsigned slots, unsigned done) {
    wire::Credit credit;
    credit.set_slots(slots);
    credit.set_done(done);
    send(resizer, credit);
  }
  /// Offers a picture until a resizer has room for it.
  bool offer(std::uint64_t id, std::chrono::milliseconds limit = 60s) {
    wire::Path path;
    path.set_id(id);
    const Moment deadline = now() + limit;
    do {
      dispatcher.take_credit();
      if (dispatcher.offer(path)) {
        dispatcher.flush();
        return true;
      }
      std::vector<zmq::pollitem_t> items{{dispatcher.handle(), 0, ZMQ_POLLIN, 0}};
      zmq::poll(items, 10ms);
    } while (now() < deadline);
    return false;
  }
  /// The id of the picture that a resizer gets; 0 where none comes.
  static std::uint64_t get(zmq::socket_t& resizer, std::chrono::milliseconds limit = 60s) {
    std::vector<zmq::pollitem_t> items{{resizer.handle(), 0, ZMQ_POLLIN, 0}};
    zmq::poll(items, limit);
    wire::Path path;
    return receive(resizer, path) == Received::message ? path.id() : 0;
  }
};

}  // namespace

TEST_CASE("nobody gets more pictures than the slots it named, however long it does not answer") {
  Fixture f;
  zmq::socket_t stopped = f.resizer();
  Fixture::ask(stopped, 2, 0);
  CHECK(f.offer(1));
  CHECK(f.offer(2));
  CHECK_FALSE(f.offer(3, 300ms));
  CHECK(Fixture::get(stopped) == 1);
  CHECK(Fixture::get(stopped) == 2);
  Fixture::ask(stopped, 2, 1);
  CHECK(f.offer(3));
  CHECK(Fixture::get(stopped) == 3);
}

TEST_CASE("a resizer that has fewest pictures in hand comes first, however much room others have") {
  Fixture f;
  zmq::socket_t roomy = f.resizer();
  Fixture::ask(roomy, 16, 0);
  REQUIRE(f.offer(1));
  zmq::socket_t idle = f.resizer();
  Fixture::ask(idle, 2, 0);
  for (const Moment until = now() + 60s; f.dispatcher.resizers() < 2 && now() < until;) f.dispatcher.take_credit();
  REQUIRE(f.offer(2));
  CHECK(Fixture::get(idle) == 2);
}

TEST_CASE("what is offered before a flush goes out in one message to each") {
  Fixture f;
  zmq::socket_t resizer = f.resizer();
  Fixture::ask(resizer, 3, 0);
  for (const Moment until = now() + 60s; !f.dispatcher.has_credit() && now() < until;) f.dispatcher.take_credit();
  for (std::uint64_t id = 1; id <= 4; ++id) {
    wire::Path path;
    path.set_id(id);
    CHECK(f.dispatcher.offer(path) == (id <= 3));
  }
  CHECK(f.dispatcher.flush() == 3);
  CHECK(f.dispatcher.flush() == 0);
  std::vector<zmq::pollitem_t> items{{resizer.handle(), 0, ZMQ_POLLIN, 0}};
  zmq::poll(items, 60s);
  wire::Path path;
  REQUIRE(receive(resizer, path) == Received::message);
  REQUIRE(path.more_size() == 2);
  CHECK(path.id() == 1);
  CHECK(path.more(0).id() == 2);
  CHECK(path.more(1).id() == 3);
}

TEST_CASE("a resizer may ask for more or fewer at a time") {
  Fixture f;
  zmq::socket_t resizer = f.resizer();
  Fixture::ask(resizer, 1, 0);
  REQUIRE(f.offer(1));
  Fixture::ask(resizer, 3, 1);
  for (std::uint64_t id = 2; id <= 4; ++id) REQUIRE(f.offer(id));
  Fixture::ask(resizer, 1, 2);  // it still has one
  CHECK_FALSE(f.offer(5, 300ms));
}

TEST_CASE("a heartbeat of a known resizer gives it no more room") {
  Fixture f;
  zmq::socket_t resizer = f.resizer();
  Fixture::ask(resizer, 1, 0);
  CHECK(f.offer(1));
  Fixture::ask(resizer, 1, 0);
  CHECK_FALSE(f.offer(2, 300ms));
}

TEST_CASE("a picture that a resizer says it is working on goes to nobody else, others do") {
  Fixture f;
  zmq::socket_t busy = f.resizer();
  Fixture::ask(busy, 1, 0);
  REQUIRE(f.offer(1));
  REQUIRE(Fixture::get(busy) == 1);
  zmq::socket_t idle = f.resizer();
  Fixture::ask(idle, 3, 0);
  REQUIRE(f.offer(2));
  REQUIRE(Fixture::get(idle) == 2);
  wire::Credit credit;
  credit.set_working_on(1);
  send(busy, credit);
  std::vector<zmq::pollitem_t> items{{f.dispatcher.handle(), 0, ZMQ_POLLIN, 0}};
  REQUIRE(zmq::poll(items, 60s) == 1);
  REQUIRE(f.offer(1));
  REQUIRE(f.offer(3));
  CHECK(Fixture::get(idle) == 3);

  Fixture::ask(busy, 1, 1);  // done with it: whoever offers it again means it
  REQUIRE(zmq::poll(items, 60s) == 1);
  REQUIRE(f.offer(1));
  CHECK(Fixture::get(busy) == 1);
}

TEST_CASE("late comers share from the moment they ask") {
  Fixture f;
  zmq::socket_t first = f.resizer();
  Fixture::ask(first, 2, 0);
  REQUIRE(f.offer(1));
  REQUIRE(f.offer(2));
  zmq::socket_t late = f.resizer();
  Fixture::ask(late, 2, 0);
  REQUIRE(f.offer(3));
  CHECK(Fixture::get(late) == 3);
}

TEST_CASE("what a resizer that is gone had asked for goes to another") {
  Fixture f;
  auto gone = std::make_unique<zmq::socket_t>(f.resizer());
  Fixture::ask(*gone, 1, 0);
  REQUIRE(f.offer(1));
  CHECK(Fixture::get(*gone) == 1);
  Fixture::ask(*gone, 1, 1);
  std::vector<zmq::pollitem_t> items{{f.dispatcher.handle(), 0, ZMQ_POLLIN, 0}};
  zmq::poll(items, 60s);
  f.dispatcher.take_credit();
  REQUIRE(f.dispatcher.has_credit());
  gone.reset();
  zmq::socket_t other = f.resizer();
  Fixture::ask(other, 1, 0);
  // The first may still go out on the connection that is being closed; leases make that good. The next must not.
  std::uint64_t got = 0;
  for (std::uint64_t id = 2; id <= 10 && got == 0; ++id) {
    if (!f.offer(id, 5s)) break;
    got = Fixture::get(other, 1s);
  }
  CHECK(got >= 2);
}

TEST_CASE("who asks again and again does not stand in line before all others") {
  Fixture f;
  zmq::socket_t greedy = f.resizer();
  Fixture::ask(greedy, 64, 0);
  REQUIRE(f.offer(1));
  for (int i = 0; i < 100; ++i) Fixture::ask(greedy, 64, 64);
  zmq::socket_t modest = f.resizer();
  Fixture::ask(modest, 1, 0);
  std::uint64_t got = 0;
  std::uint64_t id = 2;
  for (const Moment until = now() + 60s; got == 0 && id < 1000 && now() < until;) {
    if (f.offer(id, 50ms)) ++id;  // else all credit is used up
    got = Fixture::get(modest, 5ms);
  }
  CHECK(got > 0);
  CHECK(got < 200);
}

TEST_CASE("a request for absurdly many slots is cut down") {
  Fixture f;
  zmq::socket_t greedy = f.resizer();
  Fixture::ask(greedy, 4'000'000'000U, 0);
  std::uint64_t given = 0;
  while (given < 1000 && f.offer(given + 1, given == 0 ? 60s : std::chrono::milliseconds(200))) ++given;
  CHECK(given < 100);
}

TEST_CASE("a resizer that leaves gets what was sent before, then a goodbye, and nothing more") {
  Fixture f;
  zmq::socket_t leaving = f.resizer();
  Fixture::ask(leaving, 2, 0);
  REQUIRE(f.offer(1));
  wire::Credit goodbye;
  goodbye.set_slots(2);
  goodbye.set_leaving(true);
  send(leaving, goodbye);
  send(leaving, goodbye);  // as a heartbeat
  zmq::socket_t staying = f.resizer();
  CHECK(Fixture::get(leaving) == 1);
  f.offer(2, 300ms);  // hears of it
  std::vector<zmq::pollitem_t> items{{leaving.handle(), 0, ZMQ_POLLIN, 0}};
  REQUIRE(zmq::poll(items, 60s) == 1);
  wire::Path path;
  REQUIRE(receive(leaving, path) == Received::message);
  CHECK(path.id() == 0);
  Fixture::ask(staying, 1, 0);
  REQUIRE(f.offer(3));
  CHECK(Fixture::get(staying) == 3);
  while (receive(leaving, path) == Received::message) CHECK(path.id() == 0);
}

TEST_CASE("a resizer that says that each picture is done gets pictures without end") {
  Fixture f;
  zmq::socket_t resizer = f.resizer();
  Fixture::ask(resizer, 1, 0);
  for (std::uint64_t id = 1; id <= 300; ++id) {
    REQUIRE(f.offer(id));
    REQUIRE(Fixture::get(resizer) == id);
    CHECK_FALSE(f.dispatcher.has_credit());
    Fixture::ask(resizer, 1, 1);
  }
}

TEST_CASE("a picture that a resizer was working on goes to another when nothing is heard of it any more") {
  Fixture f;
  auto busy = std::make_unique<zmq::socket_t>(f.resizer());
  Fixture::ask(*busy, 1, 0);
  REQUIRE(f.offer(1));
  REQUIRE(Fixture::get(*busy) == 1);
  wire::Credit credit;
  credit.set_working_on(1);
  send(*busy, credit);
  std::vector<zmq::pollitem_t> items{{f.dispatcher.handle(), 0, ZMQ_POLLIN, 0}};
  REQUIRE(zmq::poll(items, 60s) == 1);
  f.dispatcher.take_credit();
  SECTION("gone") {
    busy.reset();
  }
  SECTION("connected, but silent") {}
  zmq::socket_t idle = f.resizer();
  Fixture::ask(idle, 1, 0);
  std::uint64_t got = 0;
  for (const Moment until = now() + 60s; got == 0 && now() < until;) {
    f.offer(1);  // true also where it goes to nobody
    got = Fixture::get(idle, 50ms);
  }
  CHECK(got == 1);
}

TEST_CASE("a resizer whose connection is gone is forgotten, whether it had credit or not; one that is silent is not") {
  Fixture f;
  zmq::socket_t silent = f.resizer();
  Fixture::ask(silent, 1, 0);
  REQUIRE(f.offer(1));
  {
    zmq::socket_t without_credit = f.resizer();
    Fixture::ask(without_credit, 1, 0);
    REQUIRE(f.offer(2));
    CHECK(Fixture::get(without_credit) == 2);
    zmq::socket_t with_credit = f.resizer();
    Fixture::ask(with_credit, 2, 0);
    REQUIRE(f.offer(3));
    CHECK(Fixture::get(with_credit) == 3);
    CHECK(f.dispatcher.resizers() == 3);
    CHECK(f.dispatcher.has_credit());
  }
  Moment time = now();
  for (const Moment until = now() + 60s; f.dispatcher.resizers() > 1 && now() < until;) {
    f.dispatcher.take_credit(time += 1h);
    std::vector<zmq::pollitem_t> items{{f.dispatcher.handle(), 0, ZMQ_POLLIN, 0}};
    zmq::poll(items, 20ms);
  }
  CHECK(f.dispatcher.resizers() == 1);
  CHECK_FALSE(f.dispatcher.has_credit());
  Fixture::ask(silent, 1, 1);
  REQUIRE(f.offer(4));
  CHECK_FALSE(f.offer(5, 300ms));
}
