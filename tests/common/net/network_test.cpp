#include "common/net/network.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "common/base/clock.h"
#include "common/base/program.h"
#include "common/net/message.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

/// Whether a message comes; what is expected is waited for long, what must not come only for a while.
bool comes(zmq::socket_t& socket, std::chrono::milliseconds limit) {
  std::vector<zmq::pollitem_t> items{{socket.handle(), 0, ZMQ_POLLIN, 0}};
  zmq::poll(items, limit);
  return items[0].revents != 0;
}

wire::Link link_with(std::uint64_t id) {
  wire::Link link;
  link.set_id(id);
  return link;
}

/// As a launcher makes them: a socket that listens, and stays open when the processes that take its connections end.
struct Listener {
  explicit Listener(int family, const std::string& path = "") : fd(::socket(family, SOCK_STREAM, 0)) {
    if (family == AF_UNIX) {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      path.copy(address.sun_path, sizeof address.sun_path - 1);
      bind(address);
      endpoint = "ipc://" + path;
    } else {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      bind(address);
      socklen_t length = sizeof address;
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
      endpoint = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    }
  }
  ~Listener() { ::close(fd); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  template <class Address>
  void bind(const Address& address) const {
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(fd, 10) == 0);
  }
  /// A copy, as a process inherits it.
  [[nodiscard]] std::string inherited() const { return "fd://" + std::to_string(::dup(fd)); }

  int fd;
  std::string endpoint;
};

}  // namespace

TEST_CASE("who has a key of the run gets in, and its messages say in which role") {
  const RunKey key = RunKey::generate();
  Network head(key);
  zmq::socket_t pull = head.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
  const std::string endpoint = Network::bound_endpoint(pull);
  for (const Role role : {Role::worker, Role::coordinator, Role::worker}) {
    Network peer(role == Role::worker ? key.for_workers() : key);
    zmq::socket_t push = peer.connect(zmq::socket_type::push, endpoint, Flow{});
    wire::Link sent = link_with(7);
    while (!send(push, sent)) comes(pull, 10ms);
    REQUIRE(comes(pull, 60s));
    wire::Link received;
    Role said = role == Role::worker ? Role::coordinator : Role::worker;
    CHECK(receive(pull, received, &said) == Received::message);
    CHECK(received.id() == 7);
    CHECK(said == role);
  }
}

TEST_CASE("a worker cannot pass for the coordinator") {
  const RunKey key = RunKey::generate();
  Network impostor(key.for_workers());
  zmq::socket_t links = impostor.bind(zmq::socket_type::push, "links", "tcp://127.0.0.1:*", Flow{});
  Network worker(key.for_workers());
  const std::string endpoint = Network::bound_endpoint(links);
  const auto hears = [&](Role wanted, std::chrono::milliseconds limit) {
    zmq::socket_t pull = worker.connect(zmq::socket_type::pull, endpoint, Flow{}, wanted);
    wire::Link link = link_with(1);
    for (const Moment until = now() + limit; now() < until;) {
      send(links, link);
      if (comes(pull, 10ms)) return true;
    }
    return false;
  };
  CHECK_FALSE(hears(Role::coordinator, 500ms));
  CHECK(hears(Role::worker, 60s));
}

TEST_CASE("strangers stay outside: no key, a key of their own, our public key alone") {
  const RunKey key = RunKey::generate();
  const RunKey other = RunKey::generate();
  Network head(key);
  zmq::socket_t pull = head.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
  const std::string endpoint = Network::bound_endpoint(pull);

  zmq::context_t context(1);
  zmq::socket_t stranger(context, zmq::socket_type::push);
  stranger.set(zmq::sockopt::linger, 0);
  SECTION("no key") {}
  SECTION("a key of their own, for another server") {
    stranger.set(zmq::sockopt::curve_serverkey, other.coordinator.public_key);
    stranger.set(zmq::sockopt::curve_publickey, other.worker.public_key);
    stranger.set(zmq::sockopt::curve_secretkey, other.worker.secret_key);
  }
  SECTION("our public key, but a client's key that is not ours") {
    stranger.set(zmq::sockopt::curve_serverkey, key.coordinator.public_key);
    stranger.set(zmq::sockopt::curve_publickey, other.worker.public_key);
    stranger.set(zmq::sockopt::curve_secretkey, other.worker.secret_key);
  }
  stranger.connect(endpoint);
  stranger.send(zmq::str_buffer("hello"), zmq::send_flags::dontwait);

  // A friend who comes later gets through while the stranger still knocks.
  Network worker(key);
  zmq::socket_t push = worker.connect(zmq::socket_type::push, endpoint, Flow{});
  wire::Link link = link_with(1);
  while (!send(push, link)) comes(pull, 10ms);
  REQUIRE(comes(pull, 60s));
  wire::Link received;
  CHECK(receive(pull, received) == Received::message);
  CHECK(received.id() == 1);
  CHECK_FALSE(comes(pull, 300ms));
}

TEST_CASE("damaged messages and other versions are dropped, the next one is read") {
  const RunKey key = RunKey::generate();
  Network network(key);
  zmq::socket_t pull = network.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
  zmq::socket_t push = network.connect(zmq::socket_type::push, Network::bound_endpoint(pull), Flow{});
  push.send(zmq::str_buffer("\xff\xff\xff\xff"), zmq::send_flags::none);
  push.send(zmq::str_buffer("two"), zmq::send_flags::sndmore);
  push.send(zmq::str_buffer("frames"), zmq::send_flags::none);
  wire::Link other = link_with(1);
  other.set_version(protocol_version + 1);
  send_bytes(push, other);
  wire::Link ours = link_with(2);
  send(push, ours);
  wire::Link received;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(comes(pull, 60s));
    CHECK(receive(pull, received) == Received::damaged);
  }
  REQUIRE(comes(pull, 60s));
  CHECK(receive(pull, received) == Received::message);
  CHECK(received.id() == 2);
  CHECK(receive(pull, received) == Received::nothing);
}

TEST_CASE("a message of many frames arrives as it was sent, up to the largest") {
  const RunKey key = RunKey::generate();
  Network network(key);
  zmq::socket_t pull = network.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
  zmq::socket_t push = network.connect(zmq::socket_type::push, Network::bound_endpoint(pull), Flow{});
  for (const std::size_t size : {frame_bytes - 40, frame_bytes, frame_bytes + 1, 2 * frame_bytes, std::size_t{3} << 20}) {
    wire::Link sent = link_with(7);
    sent.set_padding(std::string(size - 1, 'a') + 'z');
    while (!send(push, sent)) comes(pull, 10ms);
    REQUIRE(comes(pull, 60s));
    wire::Link received;
    CHECK(receive(pull, received) == Received::message);
    CHECK(received.padding() == sent.padding());
  }
  wire::Link too_large = link_with(8);
  too_large.set_padding(std::string(most_message_bytes, 'a'));
  send(push, too_large);
  wire::Link next = link_with(9);
  send(push, next);
  wire::Link received;
  REQUIRE(comes(pull, 60s));
  CHECK(receive(pull, received) == Received::damaged);
  REQUIRE(comes(pull, 60s));
  CHECK(receive(pull, received) == Received::message);
  CHECK(received.id() == 9);
}

TEST_CASE("who sends a frame larger than ours is cut off before it has arrived") {
  const RunKey key = RunKey::generate();
  Network network(key);
  zmq::socket_t pull = network.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
  zmq::socket_t push = network.connect(zmq::socket_type::push, Network::bound_endpoint(pull), Flow{});
  push.set(zmq::sockopt::linger, 0);
  zmq::message_t large(8 * frame_bytes);
  push.send(large, zmq::send_flags::none);
  CHECK_FALSE(comes(pull, 500ms));
  // The others are not disturbed.
  zmq::socket_t other = network.connect(zmq::socket_type::push, Network::bound_endpoint(pull), Flow{});
  wire::Link ours = link_with(2);
  send(other, ours);
  REQUIRE(comes(pull, 60s));
  wire::Link received;
  CHECK(receive(pull, received) == Received::message);
  CHECK(received.id() == 2);
}

TEST_CASE("frames that are none of one message are not put together") {
  const RunKey key = RunKey::generate();
  Network network(key);
  zmq::socket_t pull = network.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
  zmq::socket_t push = network.connect(zmq::socket_type::push, Network::bound_endpoint(pull), Flow{});
  wire::Link link = link_with(1);
  link.set_version(protocol_version);
  const std::string bytes = link.SerializeAsString();  // two of these, one behind the other, would be a message
  push.send(zmq::buffer(bytes), zmq::send_flags::sndmore);
  push.send(zmq::buffer(bytes), zmq::send_flags::none);
  REQUIRE(comes(pull, 60s));
  wire::Link received;
  CHECK(receive(pull, received) == Received::damaged);
}

TEST_CASE("somebody is reached where there is a PULL socket of the same key, and nowhere else") {
  Network network(RunKey::generate());
  Network stranger(RunKey::generate());
  zmq::socket_t socket = network.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
  const std::string endpoint = Network::bound_endpoint(socket);
  CHECK(network.reaches(endpoint, 60s));
  CHECK_FALSE(stranger.reaches(endpoint, 300ms));
  socket.close();  // libzmq does so when it gets there
  bool reached = true;
  for (const auto until = now() + 60s; reached && now() < until;) reached = network.reaches(endpoint, 300ms);
  CHECK_FALSE(reached);
}

TEST_CASE("a port in use and an endpoint that is none are said in one line") {
  const RunKey key = RunKey::generate();
  Network network(key);
  zmq::socket_t first = network.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
  const std::string endpoint = Network::bound_endpoint(first);
  try {
    network.bind(zmq::socket_type::pull, "results", endpoint, Flow{});
    FAIL("bound twice");
  } catch (const Stop& stop) {
    CHECK(stop.code() == ExitCode::cannot_go_on);
    CHECK(std::string(stop.what()).find(endpoint) != std::string::npos);
  }
  CHECK_THROWS_AS(network.connect(zmq::socket_type::push, "nonsense", Flow{}), Stop);
}

TEST_CASE("who connects to an inherited socket before there is anybody, or between two who take it over, gets through") {
  const test::ScratchFolder folder;
  const auto family = GENERATE(AF_INET, AF_UNIX);
  const Listener listener(family, folder / "s");
  const RunKey key = RunKey::generate();
  Network worker(key.for_workers());
  zmq::socket_t push = worker.connect(zmq::socket_type::push, listener.endpoint, Flow{});
  for (std::uint64_t id = 1; id <= 3; ++id) {
    wire::Link sent = link_with(id);
    REQUIRE(send(push, sent));
    Network head(key);  // ends with each round
    zmq::socket_t pull = head.bind(zmq::socket_type::pull, "results", listener.inherited(), Flow{});
    CHECK(Network::bound_endpoint(pull) == listener.endpoint);
    REQUIRE(comes(pull, 60s));
    wire::Link received;
    CHECK(receive(pull, received) == Received::message);
    CHECK(received.id() == id);
  }
}

TEST_CASE("an inherited socket turns strangers away as any other") {
  const Listener listener(AF_INET);
  Network head(RunKey::generate());
  zmq::socket_t pull = head.bind(zmq::socket_type::pull, "results", listener.inherited(), Flow{});
  Network stranger(RunKey::generate());
  zmq::socket_t push = stranger.connect(zmq::socket_type::push, listener.endpoint, Flow{});
  wire::Link sent = link_with(1);
  send(push, sent);
  CHECK_FALSE(comes(pull, 300ms));
}

TEST_CASE("what is inherited and no socket that listens is said in one line") {
  Network network(RunKey::generate());
  const int idle = ::socket(AF_INET, SOCK_STREAM, 0);
  for (const std::string& endpoint : {"fd://" + std::to_string(idle), std::string("fd://0"), std::string("fd://12345"),
                                      std::string("fd://"), std::string("fd://x"), std::string("fd://-1")}) {
    INFO(endpoint);
    try {
      network.bind(zmq::socket_type::pull, "results", endpoint, Flow{});
      FAIL("bound");
    } catch (const Stop& stop) {
      CHECK(stop.code() == ExitCode::cannot_go_on);
      CHECK(std::string(stop.what()).find(endpoint) != std::string::npos);
    }
  }
  ::close(idle);
}
