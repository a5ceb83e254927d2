#include "common/net/uninterrupted.h"

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "common/base/clock.h"
#include "common/net/dispatcher.h"
#include "common/net/message.h"
#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

/// Interrupts this thread all the time, by a signal that has a handler: calls that wait end with EINTR.
class Storm {
 public:
  Storm() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &action, &before_);
    thread_ = std::thread([this, target = ::pthread_self()] {
      while (!over_) {
        ::pthread_kill(target, SIGUSR1);
        std::this_thread::sleep_for(100us);
      }
    });
  }
  ~Storm() {
    over_ = true;
    thread_.join();
    ::sigaction(SIGUSR1, &before_, nullptr);
  }
  Storm(const Storm&) = delete;
  Storm& operator=(const Storm&) = delete;

 private:
  struct sigaction before_ {};
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace

TEST_CASE("waiting goes on for as long as it was to, whatever signals come") {
  RunKey key = RunKey::generate();
  Network network{key};
  zmq::socket_t socket = network.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
  std::array items{zmq::pollitem_t{socket.handle(), 0, ZMQ_POLLIN, 0}};
  const Storm storm;
  const Moment begin = now();
  CHECK(wait_for(items, 300ms) == 0);
  CHECK(now() - begin >= 300ms);
}

TEST_CASE("no message is lost and nothing fails while signals come") {
  RunKey key = RunKey::generate();
  Network network{key};
  Dispatcher dispatcher(network, "tcp://127.0.0.1:*");
  zmq::socket_t resizer = network.connect(zmq::socket_type::dealer, dispatcher.endpoint(), Flow{});
  const Storm storm;
  wire::Credit credit;
  credit.set_slots(1);
  send(resizer, credit);
  credit.set_done(1);
  std::uint64_t got = 0;
  for (const Moment until = now() + 60s; got < 2000 && now() < until;) {
    dispatcher.take_credit();
    wire::Path path;
    path.set_id(got + 1);
    if (dispatcher.has_credit()) REQUIRE(dispatcher.offer(path));
    dispatcher.flush();
    std::array items{zmq::pollitem_t{resizer.handle(), 0, ZMQ_POLLIN, 0},
                     zmq::pollitem_t{dispatcher.handle(), 0, ZMQ_POLLIN, 0}};
    wait_for(items, 1s);
    if (receive(resizer, path) != Received::message) continue;
    REQUIRE(path.id() == ++got);
    REQUIRE(send(resizer, credit));
  }
  CHECK(got == 2000);
}
