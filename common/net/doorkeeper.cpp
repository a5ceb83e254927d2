#include "common/net/doorkeeper.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <zmq.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/net/half_open.h"

namespace thumbline {
namespace {

constexpr const char* zap_endpoint = "inproc://zeromq.zap.01";

std::vector<zmq::message_t> receive_all(zmq::socket_t& socket) {
  std::vector<zmq::message_t> frames;
  do {
    zmq::message_t frame;
    if (!socket.recv(frame)) break;
    frames.push_back(std::move(frame));
  } while (frames.back().more());
  return frames;
}

/// Address and port of the other end; empty where there is none any more.
std::string raw_peer_of(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  return {reinterpret_cast<const char*>(&address), std::min<std::size_t>(length, sizeof address)};
}

/// The address for people.
std::string address_text(const std::string& raw_peer) {
  if (raw_peer.empty()) return "unknown address";
  sockaddr_storage address{};
  std::memcpy(&address, raw_peer.data(), raw_peer.size());
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.ss_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr;
  } else if (address.ss_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
  } else {
    return "this machine";
  }
  ::inet_ntop(address.ss_family, bytes, text.data(), text.size());
  return text.data();
}

/// Whether the handshake of this connection goes on: the monitor tells that one is over, but not whose. Until then a server has
/// sent its greeting (64 bytes, ZeroMQ RFC 23) and its WELCOME (168 in a frame, RFC 26); READY, which comes after ZAP has said
/// yes, is more than that. Unknown to kernels before 4.19: then nobody is cut.
bool is_half_open(const HalfOpen::Connection& connection) {
  constexpr std::uint64_t before_ready = 64 + 2 + 168;
  tcp_info info{};
  socklen_t length = sizeof info;
  if (connection.peer.empty() || raw_peer_of(connection.fd) != connection.peer) return false;  // the number is another's by now
  if (::getsockopt(connection.fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return false;
  constexpr socklen_t needed = offsetof(tcp_info, tcpi_bytes_retrans) + sizeof info.tcpi_bytes_retrans;
  return length >= needed && info.tcpi_bytes_sent - info.tcpi_bytes_retrans <= before_ready;
}

/// How many handshakes may go on at once at one socket: workers come by the thousand, and files are left for others.
std::size_t most_half_open() {
  constexpr rlim_t most = 1000;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  return static_cast<std::size_t>(std::min(most, files.rlim_cur / 8));
}

/// One line per stranger and minute is enough: libzmq knocks again every 50 ms.
class Log {
 public:
  void turned_away(const std::string& address, const std::string& socket, const std::string& why, Moment at) {
    constexpr std::size_t most = 1000;
    if (said_.size() >= most) said_.clear();
    auto [entry, first] = said_.try_emplace(address + " " + socket + " " + why, at);
    if (!first && at - entry->second < std::chrono::minutes(1)) return;
    entry->second = at;
    spdlog::warn("turned away {} at {}: {}", address, socket, why);
  }

 private:
  std::map<std::string, Moment> said_;
};

/// The monitor of one bound socket: remembers who is behind which connection until its handshake is over.
struct Watch {
  std::string name;
  zmq::socket_t events;
  std::map<int, std::string> peers;  ///< by file descriptor: their addresses
  HalfOpen half_open;
  std::string failure;  ///< of the handshake that the next `disconnected` belongs to
};

void note_accepted(Watch& watch, int fd, Log& log) {
  const std::string peer = raw_peer_of(fd);
  watch.peers[fd] = address_text(peer);
  for (const auto& connection : watch.half_open.add({fd, peer}, now(), most_half_open(), is_half_open)) {
    if (raw_peer_of(connection.fd) != connection.peer) continue;
    ::shutdown(connection.fd, SHUT_RDWR);  // libzmq closes it
    log.turned_away(address_text(connection.peer), watch.name, "too many handshakes at once", now());
  }
}

void note_event(Watch& watch, Log& log) {
  const std::vector<zmq::message_t> frames = receive_all(watch.events);
  if (frames.empty() || frames[0].size() < 6) return;
  std::uint16_t event = 0;
  std::int32_t value = 0;
  std::memcpy(&event, frames[0].data(), sizeof event);
  std::memcpy(&value, static_cast<const char*>(frames[0].data()) + sizeof event, sizeof value);
  switch (event) {
    case ZMQ_EVENT_ACCEPTED: note_accepted(watch, value, log); break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      watch.failure = value == ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC ? "a wrong key" : "no key, or no ZeroMQ at all";
      break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: watch.failure = "the handshake broke off"; break;
    case ZMQ_EVENT_DISCONNECTED:
    case ZMQ_EVENT_CLOSED:
      if (!watch.failure.empty()) log.turned_away(watch.peers[value], watch.name, watch.failure, now());
      watch.failure.clear();
      watch.half_open.remove(value);
      watch.peers.erase(value);
      break;
    default: break;
  }
}

constexpr std::string_view coordinator_alone = " for the coordinator";

}  // namespace

std::string zap_domain(const std::string& name, Admits admits) {
  return admits == Admits::coordinator ? name + std::string(coordinator_alone) : name;
}

const char* user_id(Role role) {
  return role == Role::coordinator ? "coordinator" : "worker";
}

Doorkeeper::Doorkeeper(zmq::context_t& context, const RunKey& key)
    : context_(context),
      coordinator_key_(key.coordinator.public_key),
      worker_key_(key.worker.public_key),
      questions_(context, zmq::socket_type::rep),
      orders_(context, zmq::socket_type::pair),
      owner_(context, zmq::socket_type::pair) {
  questions_.set(zmq::sockopt::linger, 0);
  questions_.bind(zap_endpoint);
  orders_.bind("inproc://doorkeeper");
  owner_.connect("inproc://doorkeeper");
  thread_ = std::thread([this] { run(); });
}

Doorkeeper::~Doorkeeper() {  // NOLINT(bugprone-exception-escape)
  owner_.send(zmq::message_t(), zmq::send_flags::none);
  thread_.join();
}

void Doorkeeper::watch(zmq::socket_t& socket, const std::string& name) {
  const std::string endpoint = "inproc://watch-" + std::to_string(watched_++);
  if (zmq_socket_monitor(socket.handle(), endpoint.c_str(),
                         ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                             ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED) != 0) {
    throw zmq::error_t();
  }
  owner_.send(zmq::str_buffer(""), zmq::send_flags::sndmore);
  owner_.send(zmq::buffer(endpoint), zmq::send_flags::sndmore);
  owner_.send(zmq::buffer(name), zmq::send_flags::none);
}

void Doorkeeper::run() noexcept {  // NOLINT(bugprone-exception-escape)
  Log log;
  std::vector<Watch> watches;
  std::vector<zmq::pollitem_t> items;
  const auto answer = [&] {
    // Frames of the question: version, request id, domain, address, identity, mechanism, the client's key (32 bytes).
    const std::vector<zmq::message_t> question = receive_all(questions_);
    std::array<char, 41> key{};
    const bool curve = question.size() == 7 && question[5].to_string_view() == "CURVE" && question[6].size() == 32;
    if (curve) zmq_z85_encode(key.data(), question[6].data<std::uint8_t>(), 32);
    const bool coordinator = curve && coordinator_key_ == key.data();
    const bool worker = curve && worker_key_ == key.data();
    const bool welcome = coordinator || (worker && !question[2].to_string_view().ends_with(coordinator_alone));
    if (!welcome && question.size() >= 4) {
      const std::string why = worker ? "a worker's key" : std::string("the unknown key ") + key.data();
      log.turned_away(question[3].to_string(), question[2].to_string(), why, now());
    }
    const std::string id = question.size() > 1 ? question[1].to_string() : "";
    for (const std::string& frame : {std::string("1.0"), id, std::string(welcome ? "200" : "400"),
                                     std::string(welcome ? "OK" : "not a key for this socket"),
                                     std::string(user_id(coordinator ? Role::coordinator : Role::worker))}) {
      questions_.send(zmq::buffer(frame), zmq::send_flags::sndmore);
    }
    questions_.send(zmq::message_t(), zmq::send_flags::none);
  };
  while (true) {
    items.assign({{questions_.handle(), 0, ZMQ_POLLIN, 0}, {orders_.handle(), 0, ZMQ_POLLIN, 0}});
    for (Watch& watch : watches) items.push_back({watch.events.handle(), 0, ZMQ_POLLIN, 0});
    zmq::poll(items);
    if ((items[0].revents & ZMQ_POLLIN) != 0) answer();
    for (std::size_t i = 0; i < watches.size(); ++i) {
      if ((items[i + 2].revents & ZMQ_POLLIN) != 0) note_event(watches[i], log);
    }
    if ((items[1].revents & ZMQ_POLLIN) != 0) {
      const std::vector<zmq::message_t> order = receive_all(orders_);
      if (order.size() != 3) break;
      zmq::socket_t events(context_, zmq::socket_type::pair);
      events.connect(order[1].to_string());
      watches.push_back({order[2].to_string(), std::move(events), {}, {}, {}});
    }
  }
  // Thread-owned sockets close in the thread that used them.
  questions_.close();
  orders_.close();
}

}  // namespace thumbline
