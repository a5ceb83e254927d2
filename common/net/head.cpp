#include "common/net/head.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "common/base/program.h"
#include "common/net/message.h"
#include "common/net/uninterrupted.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 500ms;
constexpr auto usual_heartbeat = 500ms;  // as long as the head wants no other
constexpr auto longest_heartbeat = 60s;
// What was said while the head was away waits in libzmq, so one heartbeat is enough for that; another makes good for one that
// was lost with its connection.
constexpr auto longest_repeat = 8s;
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

}  // namespace

/// How far the connection got before it stuck, and when there is one again.
class Head::Watch : public zmq::monitor_t {
 public:
  explicit Watch(zmq::socket_t& socket) {
    static std::atomic<unsigned> watches = 0;
    init(socket, "inproc://head-" + std::to_string(watches++),
         ZMQ_EVENT_CONNECT_DELAYED | ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_CONNECTED |
             ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
  }

  /// Whether a connection was made since this was asked last.
  bool is_new() {
    while (uninterrupted([this] { return check_event(0); })) {
    }
    return std::exchange(new_, false);
  }

  /// Why nothing is heard.
  [[nodiscard]] std::string reason() const {
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
  void on_event_handshake_succeeded(const zmq_event_t&, const char*) override { welcomed_ = new_ = true; }

  bool begun_ = false;  // without an address nothing is
  bool failed_ = false;
  bool retried_ = false;
  bool connected_ = false;
  bool welcomed_ = false;
  bool new_ = false;
};

Head::Head(Network& network, const std::string& door, const ProgramOptions& options)
    : door_(door),
      options_(options),
      host_(host_of(door)),
      socket_(network.connect(zmq::socket_type::dealer, door, Flow::closing_at_once())),
      watch_(std::make_unique<Watch>(socket_)),
      again_after_(usual_heartbeat) {
  const std::string name = worker_name(options);
  present_.set_host(name.substr(0, name.rfind(':')));
}

Head::~Head() = default;

void Head::find(StopSignals& signals) {
  for (const Moment until = now() + patience; now() < until;) {
    if (attend(now())) return;
    std::vector<zmq::pollitem_t> items{{socket_.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, signals.fd(), ZMQ_POLLIN, 0}};
    wait_for(items, between_looks);
    if (items[1].revents != 0 && signals.take()) throw Stop(ExitCode::cannot_go_on, "stopped before the head had answered");
  }
  throw Stop(ExitCode::cannot_go_on, "the head " + door_ + " " + watch_->reason());
}

void Head::introduce(const std::string& store, const std::string& paths) {
  present_.set_store(store);
  present_.set_paths(Network::port_of(paths));
  due_ = next_heartbeat_ = {};
}

void Head::look_for_sources(const std::string& store) {
  present_.set_store(store);
  present_.set_wants_sources(true);
  due_ = next_heartbeat_ = {};
}

bool Head::attend(Moment now) {
  const bool news = hear(now);
  const bool was_heard = places_.version() != 0;  // who never was is being looked for
  const Moment::duration silence = asked_ == Moment::max() ? Moment::duration{} : now - asked_;
  if (was_heard && (silence > short_silence) != is_silent_) note_silence(!is_silent_);
  if (silence > longest_silence) throw Stop(ExitCode::cannot_go_on, "the head " + door_ + " has been silent for minutes");
  // A head that was started again knows nobody.
  if (watch_->is_new() || now >= next_heartbeat_) speak(now);
  due_ = std::min(next_heartbeat_, now + between_looks);
  return news;
}

void Head::speak(Moment now) {
  send(socket_, present_);
  if (asked_ == Moment::max()) asked_ = now;
  next_heartbeat_ = now + again_after_;
  again_after_ = std::min<std::chrono::milliseconds>(2 * again_after_, longest_repeat);
}

void Head::note_silence(bool is_silent) {
  is_silent_ = is_silent;
  spdlog::info("the head {}", is_silent ? "is silent" : "is back");
  announce(options_, is_silent ? "silent" : "back", door_);
}

bool Head::hear(Moment now) {
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
    take(std::move(places));
    asked_ = Moment::max();
    again_after_ = usual_heartbeat;
    const std::chrono::milliseconds wanted(places_.heartbeat_ms());
    next_heartbeat_ = now + std::clamp<std::chrono::milliseconds>(wanted, usual_heartbeat, longest_heartbeat);
    news = true;
  }
}

/// An answer that says nothing new of the sources does not name them.
void Head::take(wire::Places places) {
  if (places.same_sources() || places.sources_version() == 0) {
    places.mutable_sources()->Swap(places_.mutable_sources());
    places.set_sources_version(places_.sources_version());
  }
  if (places.has_requests()) {
    present_.set_wants_requests(false);
  } else if (places_.has_requests()) {
    places.mutable_requests()->Swap(places_.mutable_requests());
  }
  places_ = std::move(places);
  present_.set_sources_known(places_.sources_version());
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
