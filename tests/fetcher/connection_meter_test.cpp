#include "fetcher/connection_meter.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "tests/catch.h"
#include "tests/program_run.h"

using namespace thumbline;

namespace {

/// Two sockets of this process that are connected over loopback.
class Connection {
 public:
  Connection() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto& any = reinterpret_cast<sockaddr&>(address);
    if (::bind(listener, &any, length) != 0 || ::listen(listener, 1) != 0 || ::getsockname(listener, &any, &length) != 0)
      throw std::runtime_error("nobody listens");
    ends.peer = "127.0.0.1";
    ends.peer_port = ntohs(address.sin_port);
    ours = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(ours, &any, length) != 0 || ::getsockname(ours, &any, &length) != 0)
      throw std::runtime_error("no connection");
    ends.local_port = ntohs(address.sin_port);
    theirs = ::accept(listener, nullptr, nullptr);
    ::close(listener);
  }
  ~Connection() {
    ::close(ours);
    ::close(theirs);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(std::size_t bytes) const {
    const std::string some(bytes, 'x');
    REQUIRE(::write(theirs, some.data(), some.size()) == static_cast<ssize_t>(bytes));
    pollfd item{ours, POLLIN, 0};
    REQUIRE(::poll(&item, 1, static_cast<int>(std::chrono::milliseconds(test::patience).count())) == 1);
  }

  int ours;
  int theirs;
  ConnectionEnds ends;
};

}  // namespace

TEST_CASE("bytes that have arrived are counted, whether anybody has read them or not") {
  const Connection one;
  const Connection other;
  ConnectionMeter meter;
  meter.opened(one.ours);
  meter.opened(other.ours);
  const auto id = meter.find(one.ends);
  REQUIRE(id != 0);
  CHECK(meter.find(other.ends) != id);
  CHECK(meter.bytes_received(id) == 0);
  one.send(1000);
  CHECK(meter.bytes_received(id) == 1000);
  std::array<char, 2000> read{};
  REQUIRE(::read(one.ours, read.data(), read.size()) == 1000);
  one.send(500);
  CHECK(meter.bytes_received(id) == 1500);
}

TEST_CASE("a socket that was closed is not taken for the next one with its number") {
  const Connection connection;
  ConnectionMeter meter;
  CHECK(meter.find(connection.ends) == 0);
  meter.opened(connection.ours);
  const auto id = meter.find(connection.ends);
  connection.send(10);
  meter.closed(connection.ours);
  CHECK(meter.find(connection.ends) == 0);
  meter.opened(connection.ours);
  CHECK(meter.bytes_received(id) == 0);
  CHECK(meter.find(connection.ends) != id);
}
