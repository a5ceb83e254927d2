#include "common/net/head.h"

#include <spdlog/spdlog.h>

#include <chrono>

#include "common/base/program.h"
#include "common/net/message.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

constexpr auto between_words = 500ms;
constexpr auto patience = 10s;  // until the first answer
constexpr auto short_silence = 5s;
constexpr auto longest_silence = 5min;  // a head that was killed is started again by then, or not at all

/// The host of tcp://HOST:PORT.
std::string host_of(const std::string& door) {
  constexpr std::string_view scheme = "tcp://";
  const std::size_t colon = door.rfind(':');
  if (!door.starts_with(scheme) || colon <= scheme.size() || Network::port_of(door) == 0) {
    throw Stop(ExitCode::bad_usage, "--head " + door + ": wanted is tcp://HOST:PORT");
  }
  return door.substr(scheme.size(), colon - scheme.size());
}

/// How far the connection got before it stuck.
class Watch : public zmq::monitor_t {
 public:
  explicit Watch(zmq::socket_t& socket) {
    init(socket, "inproc://head",
         ZMQ_EVENT_CONNECT_DELAYED | ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_CONNECTED |
             ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
  }

  /// Why nothing is heard.
  std::string reason() {
    while (check_event(0)) {
    }
    if (welcomed_) return "lets us in, but does not answer";
    if (connected_) return "does not let us in: is this the key of its run, and is it the port that --listen says?";
    if (failed_) return "cannot be reached: nobody listens there; does its run go on, with --listen, and at this port?";
    if (retried_ && !begun_) return "cannot be reached: this machine knows no address of that name";
    return "cannot be reached: nothing comes back from there; is it the right address, and is the port open?";
  }

 private:
  void on_event_connect_delayed(const zmq_event_t&, const char*) override { begun_ = true; }
  void on_event_connect_retried(const zmq_event_t&, const char*) override { retried_ = true; }
  void on_event_closed(const zmq_event_t&, const char*) override { failed_ = true; }
  void on_event_connected(const zmq_event_t&, const char*) override { connected_ = true; }
  void on_event_handshake_succeeded(const zmq_event_t&, const char*) override { welcomed_ = true; }

  bool begun_ = false;  // without an address nothing is
  bool failed_ = false;
  bool retried_ = false;
  bool connected_ = false;
  bool welcomed_ = false;
};

}  // namespace

Head::Head(Network& network, const std::string& door, const ProgramOptions& options)
    : door_(door),
      options_(options),
      host_(host_of(door)),
      socket_(network.connect(zmq::socket_type::dealer, door, Flow::closing_at_once())) {
  const std::string name = worker_name(options);
  present_.set_host(name.substr(0, name.rfind(':')));
}

void Head::find(StopSignals& signals) {
  Watch watch(socket_);
  for (const Moment until = now() + patience; now() < until;) {
    if (attend(now())) return;
    std::vector<zmq::pollitem_t> items{{socket_.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, signals.fd(), ZMQ_POLLIN, 0}};
    zmq::poll(items, std::chrono::milliseconds(between_words));
    if (items[1].revents != 0 && signals.take()) throw Stop(ExitCode::cannot_go_on, "stopped before the head had answered");
  }
  throw Stop(ExitCode::cannot_go_on, "the head " + door_ + " " + watch.reason());
}

void Head::introduce(const std::string& store, const std::string& paths) {
  present_.set_store(store);
  present_.set_paths(Network::port_of(paths));
  due_ = {};
}

bool Head::attend(Moment now) {
  const bool news = hear();
  if (news || heard_ == Moment{}) heard_ = now;
  const bool was_heard = places_.version() != 0;  // who never was is being looked for
  if (was_heard && (now - heard_ > short_silence) != is_silent_) note_silence(!is_silent_);
  if (now - heard_ > longest_silence) throw Stop(ExitCode::cannot_go_on, "the head " + door_ + " has been silent for minutes");
  if (now >= due_) {
    send(socket_, present_);
    due_ = now + between_words;
  }
  return news;
}

void Head::note_silence(bool is_silent) {
  is_silent_ = is_silent;
  spdlog::info("the head {}", is_silent ? "is silent" : "is back");
  announce(options_, is_silent ? "silent" : "back", door_);
}

bool Head::hear() {
  bool news = false;
  while (true) {
    wire::Places places;
    const Received received = receive_bytes(socket_, places);
    if (received == Received::nothing) return news;
    if (received != Received::message) continue;
    if (places.version() != protocol_version) {
      throw Stop(ExitCode::bad_usage, "the head " + door_ + " speaks version " + std::to_string(places.version()) +
                                          " of the protocol, this program version " + std::to_string(protocol_version) +
                                          ": use the same thumbline everywhere");
    }
    if (!places_.store().empty() && places.store() != places_.store()) {
      throw Stop(ExitCode::cannot_go_on, "the head " + door_ + " has begun another run, in " + places.folder());
    }
    places_ = std::move(places);
    news = true;
  }
}

void Head::expect_results(Network& network) const {
  if (network.reaches(endpoint(places_.results()), patience)) return;
  throw Stop(ExitCode::cannot_go_on, "the head " + door_ + " can be reached, but not its port " +
                                         std::to_string(places_.results()) + ", for results: is that open, too?");
}

std::string Head::endpoint(std::uint32_t port) const {
  return "tcp://" + host_ + ":" + std::to_string(port);
}

std::string Head::endpoint(const wire::Source& source) const {
  return source.address().empty() ? endpoint(source.port()) : "tcp://" + source.address() + ":" + std::to_string(source.port());
}

}  // namespace thumbline
