#include "common/net/doorkeeper.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/net/network.h"
#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

constexpr const char* zap_endpoint = "inproc://zeromq.zap.01";

/// A bound socket as the programs have them, and a friend with the key of the run who sends it a message.
struct Door {
  RunKey key = RunKey::generate();
  Admits admits = Admits::everybody;
  zmq::context_t context{1};
  zmq::socket_t pull{context, zmq::socket_type::pull};
  zmq::context_t outside{1};
  zmq::socket_t push{outside, zmq::socket_type::push};

  void open() {
    close_to_strangers(pull, key.coordinator, "results", admits);
    pull.bind("tcp://127.0.0.1:*");
  }
  void knock() { knock(key.worker); }
  void knock(const KeyPair& own) {
    push.set(zmq::sockopt::linger, 0);
    push.set(zmq::sockopt::reconnect_ivl, 20);
    push.set(zmq::sockopt::curve_serverkey, key.coordinator.public_key);
    push.set(zmq::sockopt::curve_publickey, own.public_key);
    push.set(zmq::sockopt::curve_secretkey, own.secret_key);
    push.connect(pull.get(zmq::sockopt::last_endpoint));
    push.send(zmq::str_buffer("hello"), zmq::send_flags::dontwait);
  }
  bool lets_in(std::chrono::milliseconds limit) {
    std::vector<zmq::pollitem_t> items{{pull.handle(), 0, ZMQ_POLLIN, 0}};
    return zmq::poll(items, limit) > 0;
  }
};

/// A handler of ZAP that answers what it likes.
void answer_once(zmq::socket_t& handler, const std::vector<std::string>& frames) {
  std::vector<zmq::pollitem_t> items{{handler.handle(), 0, ZMQ_POLLIN, 0}};
  REQUIRE(zmq::poll(items, 60s) == 1);
  zmq::message_t frame;
  do {
    REQUIRE(handler.recv(frame));
  } while (frame.more());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    handler.send(zmq::buffer(frames[i]), i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
}

}  // namespace

TEST_CASE("the doorkeeper lets in who has the key") {
  Door door;
  const Doorkeeper doorkeeper(door.context, door.key);
  door.open();
  door.knock();
  CHECK(door.lets_in(60s));
}

TEST_CASE("a socket that is the coordinator's alone lets in no worker") {
  Door door;
  door.admits = Admits::coordinator;
  const Doorkeeper doorkeeper(door.context, door.key);
  door.open();
  SECTION("the coordinator") {
    door.knock(door.key.coordinator);
    CHECK(door.lets_in(60s));
  }
  SECTION("a worker") {
    door.knock(door.key.worker);
    CHECK_FALSE(door.lets_in(500ms));
  }
}

TEST_CASE("nobody gets in where there is no doorkeeper, where it has gone, and where it does not answer") {
  Door door;
  std::unique_ptr<Doorkeeper> doorkeeper;
  std::optional<zmq::socket_t> silent;
  SECTION("never there") {
    door.open();
  }
  SECTION("gone") {
    doorkeeper = std::make_unique<Doorkeeper>(door.context, door.key);
    door.open();
    doorkeeper.reset();
  }
  SECTION("silent") {
    silent.emplace(door.context, zmq::socket_type::rep);
    silent->bind(zap_endpoint);
    door.open();
  }
  door.knock();
  CHECK_FALSE(door.lets_in(500ms));
}

TEST_CASE("nobody gets in by an answer that is none") {
  Door door;
  zmq::socket_t handler(door.context, zmq::socket_type::rep);
  handler.bind(zap_endpoint);
  door.open();
  door.knock();
  SECTION("no frames of ZAP") {
    answer_once(handler, {"yes"});
  }
  SECTION("another version") {
    answer_once(handler, {"2.0", "1", "200", "OK", "run", ""});
  }
  SECTION("to another question") {
    answer_once(handler, {"1.0", "7", "200", "OK", "run", ""});
  }
  SECTION("no status of ZAP") {
    answer_once(handler, {"1.0", "1", "20", "OK", "run", ""});
  }
  SECTION("an error of its own") {
    answer_once(handler, {"1.0", "1", "500", "out of order", "", ""});
  }
  CHECK_FALSE(door.lets_in(500ms));
}
