#include "resizer/path_sources.h"

#include <chrono>
#include <memory>
#include <set>

#include "common/net/dispatcher.h"
#include "common/net/message.h"
#include "tests/catch.h"
#include "tests/program_run.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  Fixture() {
    for (auto& dispatcher : dispatchers) dispatcher = std::make_unique<Dispatcher>(network, "tcp://127.0.0.1:*");
  }

  /// Each dispatcher offers pictures whose ids tell where they come from, until `enough`.
  template <class Enough>
  bool serve(Enough enough) {
    for (const Moment until = now() + test::patience; now() < until;) {
      if (enough()) return true;
      for (std::size_t i = 0; i < dispatchers.size(); ++i) {
        wire::Path path;
        path.set_id(i + 1);
        dispatchers[i]->take_credit();
        while (offering && dispatchers[i]->offer(path)) {
        }
        dispatchers[i]->flush();
      }
      std::vector<zmq::pollitem_t> items;
      sources.add_to(items);
      zmq::poll(items, 10ms);
    }
    return false;
  }

  RunKey key = RunKey::generate();
  Network network{key.for_workers()};
  std::array<std::unique_ptr<Dispatcher>, 2> dispatchers;
  PathSources sources{network, "left:1"};
  bool offering = true;
};

}  // namespace

TEST_CASE("all sources have their turn") {
  Fixture f;
  for (const auto& dispatcher : f.dispatchers) f.sources.connect(dispatcher->endpoint(), Role::worker);
  std::vector<std::uint64_t> got;
  wire::Path path;
  REQUIRE(f.serve([&] {
    if (f.sources.take(path)) {
      got.push_back(path.id());
      f.sources.done();
    }
    return got.size() >= 20;
  }));
  CHECK(std::set<std::uint64_t>(got.end() - 10, got.end()).size() == 2);
}

TEST_CASE("who leaves gets what was under way, hears goodbyes, and then nothing more") {
  Fixture f;
  for (const auto& dispatcher : f.dispatchers) f.sources.connect(dispatcher->endpoint(), Role::worker);
  wire::Path path;
  REQUIRE(f.serve([&] { return f.sources.take(path); }));
  f.sources.leave();
  int more = 0;
  REQUIRE(f.serve([&] {
    while (f.sources.take(path)) ++more;
    return f.sources.are_finished();
  }));
  CHECK(more <= 3);  // two slots at each of two, and one of these is taken
  f.sources.send_heartbeats(0, now());
  for (int i = 0; i < 20; ++i) f.serve([&, turn = 0]() mutable { return ++turn > 2; });
  CHECK_FALSE(f.sources.take(path));
}

TEST_CASE("only who has pictures of the same store is asked, and who is not named any more is forgotten") {
  Fixture f;
  Head head(f.network, "tcp://127.0.0.1:1", {});
  const auto named = [&](const std::string& store) {
    wire::Places places;
    wire::Source& source = *places.add_sources();
    source.set_port(Network::port_of(f.dispatchers[0]->endpoint()));
    source.set_store(store);
    return places;
  };
  std::vector<zmq::pollitem_t> items;
  const Moment begin = Moment() + 1h;
  f.sources.update(head, named("another"), "store", begin);
  f.sources.add_to(items);
  CHECK(items.empty());
  f.sources.update(head, named("store"), "store", begin);
  f.sources.update(head, named("store"), "store", begin + 1s);
  f.sources.add_to(items);
  CHECK(items.size() == 1);
  wire::Path path;
  CHECK(f.serve([&] { return f.sources.take(path); }));
  items.clear();
  f.sources.update(head, {}, "store", begin + 10s);  // as from a head that was started again
  f.sources.add_to(items);
  CHECK(items.size() == 1);
  items.clear();
  f.sources.update(head, {}, "store", begin + 1min);
  f.sources.add_to(items);
  CHECK(items.empty());
}

TEST_CASE("a source hears heartbeats as often as it wants to") {
  RunKey key = RunKey::generate();
  Network network{key};
  zmq::socket_t source = network.bind(zmq::socket_type::router, "paths", "tcp://127.0.0.1:*", Flow{});
  PathSources sources(network, "left:1");
  sources.connect(Network::bound_endpoint(source), Role::coordinator);
  const auto heard = [&](std::chrono::milliseconds limit, std::uint32_t heartbeat_ms = 0) {
    zmq::pollitem_t item{source.handle(), 0, ZMQ_POLLIN, 0};
    zmq::poll(&item, 1, limit);
    zmq::message_t peer;
    wire::Credit credit;
    if (!source.recv(peer, zmq::recv_flags::dontwait) || receive(source, credit) != Received::message) return false;
    if (heartbeat_ms == 0) return true;
    wire::Path path;
    path.set_heartbeat_ms(heartbeat_ms);
    source.send(peer, zmq::send_flags::sndmore);
    return send(source, path);
  };
  const Moment begin = Moment() + 1h;
  REQUIRE(heard(test::patience));
  sources.send_heartbeats(0, begin);
  REQUIRE(heard(test::patience, 20'000));
  std::vector<zmq::pollitem_t> items;
  sources.add_to(items);
  REQUIRE(zmq::poll(items, test::patience) == 1);
  wire::Path path;
  CHECK_FALSE(sources.take(path));
  CHECK_FALSE(sources.are_finished());
  sources.send_heartbeats(0, begin + 1s);
  REQUIRE(heard(test::patience));
  sources.send_heartbeats(0, begin + 20s);
  CHECK_FALSE(heard(200ms));
  sources.send_heartbeats(7, begin + 20s);  // what it works on is said all the same
  CHECK(heard(test::patience));
  sources.send_heartbeats(0, begin + 41s);
  CHECK(heard(test::patience));
}
