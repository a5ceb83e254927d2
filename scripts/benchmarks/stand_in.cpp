// Stands in for fetchers and resizers. So is measured what producer and collector can do.
//   thumbline-stand-in KEY LINKS RESULTS           says of each link that it is done, and does nothing
//   thumbline-stand-in --workers COUNT KEY DOOR    so many workers, a connection each, that only say that they are there
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/program.h"
#include "common/base/stop_signals.h"
#include "common/net/link_token.h"
#include "common/net/message.h"
#include "common/net/network.h"

namespace thumbline {
namespace {

wire::Outcome outcome_of(const wire::Link& link) {
  wire::Outcome outcome;
  name_same_attempt(link, outcome);
  wire::Fetch& fetch = *outcome.mutable_fetch();
  fetch.set_bytes(100'000);
  fetch.set_http_status(200);
  fetch.set_duration_us(50'000);
  fetch.set_worker("stand-in:1");
  fetch.set_path("images/" + link.name() + ".jpg");
  wire::Resize& resize = *outcome.mutable_resize();
  resize.set_duration_us(5'000);
  resize.set_width(1000);
  resize.set_height(800);
  resize.set_thumbnail_width(128);
  resize.set_thumbnail_height(102);
  resize.set_bytes(4'000);
  resize.set_worker("stand-in:1");
  resize.set_path("thumbnails/" + link.name() + "_thumbnail.jpg");
  return outcome;
}

void poll_one(zmq::pollitem_t wanted, StopSignals& signals, bool& stopped) {
  std::vector<zmq::pollitem_t> items{wanted, {nullptr, signals.fd(), ZMQ_POLLIN, 0}};
  zmq::poll(items, std::chrono::milliseconds(-1));
  stopped = stopped || signals.take();
}

ExitCode stand_in(const char* key, const char* links_endpoint, const char* results_endpoint) {
  constexpr int most_a_message = 64;
  StopSignals signals;
  Network network(RunKey::load(key));
  zmq::socket_t links = network.connect(zmq::socket_type::pull, links_endpoint, Flow::tight());
  zmq::socket_t results = network.connect(zmq::socket_type::push, results_endpoint, Flow{});
  for (bool stopped = false; !stopped;) {
    poll_one({links.handle(), 0, ZMQ_POLLIN, 0}, signals, stopped);
    wire::ToCollector message;
    wire::Link link;
    while (message.outcomes_size() < most_a_message && receive(links, link) == Received::message) {
      for (const wire::Link& one : take_apart(link)) *message.add_outcomes() = outcome_of(one);
    }
    while (message.outcomes_size() > 0 && !stopped && !send(results, message)) {
      poll_one({results.handle(), 0, ZMQ_POLLOUT, 0}, signals, stopped);
    }
  }
  return ExitCode::ok;
}

/// `worker` connects from an address of its own to the same door: libzmq makes one connection to each endpoint.
std::string from_own_address(const std::string& door, unsigned worker) {
  constexpr unsigned side = 250;
  const std::string own = "127." + std::to_string(1 + worker / side / side) + "." + std::to_string(worker / side % side) + "." +
                          std::to_string(1 + worker % side);
  return "tcp://" + own + ":0;" + door.substr(std::string_view("tcp://").size());
}

/// One socket with a connection for each worker; what it sends goes out by each of them in turn.
ExitCode stand_in_for_workers(unsigned count, const char* key, const std::string& door) {
  using namespace std::chrono_literals;
  constexpr unsigned connections_per_s = 500;
  StopSignals signals;
  Network network(RunKey::load(key));
  zmq::socket_t socket = network.connect(zmq::socket_type::dealer, from_own_address(door, 0), Flow{});
  unsigned connected = 1;
  wire::Present present;
  present.set_host("stand-in");
  present.set_store("stand-in");
  present.set_wants_sources(true);
  std::chrono::microseconds heartbeat = 500ms;  // of each worker
  Moment next = now();
  const Moment begin = now();
  for (bool stopped = false; !stopped;) {
    // Not all at once: they would have one machine for their handshakes, and run into the time limit of these.
    const auto due = std::min<std::uint64_t>(count, 1 + to_us(now() - begin) * connections_per_s / 1'000'000);
    for (; connected < due; ++connected) socket.connect(from_own_address(door, connected));
    for (; next <= now(); next += heartbeat / connected) send(socket, present);
    wire::Places places;
    while (receive_bytes(socket, places) == Received::message) {
      heartbeat = std::chrono::milliseconds(std::max(500U, places.heartbeat_ms()));
      present.set_sources_known(places.sources_version());
    }
    std::vector<zmq::pollitem_t> items{{socket.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, signals.fd(), ZMQ_POLLIN, 0}};
    zmq::poll(items, 10ms);
    stopped = signals.take();
  }
  return ExitCode::ok;
}

}  // namespace
}  // namespace thumbline

int main(int argc, char** argv) {
  const bool workers = argc == 5 && argv[1] == std::string_view("--workers");
  if (argc != 4 && !workers) {
    std::fputs("usage: thumbline-stand-in KEY LINKS RESULTS\n       thumbline-stand-in --workers COUNT KEY DOOR\n", stderr);
    return 2;
  }
  return thumbline::run_program("thumbline-stand-in", [&] {
    if (!workers) return thumbline::stand_in(argv[1], argv[2], argv[3]);
    return thumbline::stand_in_for_workers(static_cast<unsigned>(std::max(1, std::atoi(argv[2]))), argv[3], argv[4]);
  });
}
