// Stands in for fetchers and resizers: says of each link that it is done, and does nothing. So is measured what producer and
// collector can do.
//   thumbline-stand-in KEY LINKS RESULTS
#include <cstdio>

#include "common/base/program.h"
#include "common/base/stop_signals.h"
#include "common/net/message.h"
#include "common/net/network.h"

namespace thumbline {
namespace {

wire::Outcome outcome_of(const wire::Link& link) {
  wire::Outcome outcome;
  outcome.set_id(link.id());
  outcome.set_url(link.url());
  outcome.set_name(link.name());
  outcome.set_attempt(link.attempt());
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
      *message.add_outcomes() = outcome_of(link);
    }
    while (message.outcomes_size() > 0 && !stopped && !send(results, message)) {
      poll_one({results.handle(), 0, ZMQ_POLLOUT, 0}, signals, stopped);
    }
  }
  return ExitCode::ok;
}

}  // namespace
}  // namespace thumbline

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: thumbline-stand-in KEY LINKS RESULTS\n", stderr);
    return 2;
  }
  return thumbline::run_program("thumbline-stand-in", [&] { return thumbline::stand_in(argv[1], argv[2], argv[3]); });
}
