#include "common/net/network.h"

#include <fcntl.h>
#include <google/protobuf/stubs/logging.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "common/base/program.h"
#include "common/net/message.h"

namespace thumbline {
namespace {

// ZMQ_ZAP_ENFORCE_DOMAIN: zmq.h shows it with the draft API alone, but every library since 4.3.0 has it. Without it a CURVE
// socket whose ZAP handler is gone lets everybody in.
constexpr zmq::sockopt::integral_option<93, int, true> zap_enforce_domain{};

constexpr std::string_view inherited_scheme = "fd://";

/// The number in fd://N, where that is a socket at which this process may take connections.
std::optional<int> listening_socket(const std::string& endpoint) {
  int fd = -1;
  const char* last = endpoint.data() + endpoint.size();
  const auto [end, error] = std::from_chars(endpoint.data() + inherited_scheme.size(), last, fd);
  int listens = 0;
  socklen_t length = sizeof listens;
  const bool is_number = error == std::errc{} && end == last;
  if (!is_number || ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0 || listens == 0) return std::nullopt;
  return fd;
}

/// Has `socket` take the connections of a socket that listens already, also those that wait there.
void adopt(zmq::socket_t& socket, const std::string& endpoint, Flow flow) {
  const std::optional<int> fd = listening_socket(endpoint);
  if (!fd) throw zmq::error_t(EINVAL);
  ::fcntl(*fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(*fd, F_SETFL, ::fcntl(*fd, F_GETFL) | O_NONBLOCK);
  if (flow.kernel_bytes > 0) {  // as libzmq does for those that it makes itself
    ::setsockopt(*fd, SOL_SOCKET, SO_SNDBUF, &flow.kernel_bytes, sizeof flow.kernel_bytes);
    ::setsockopt(*fd, SOL_SOCKET, SO_RCVBUF, &flow.kernel_bytes, sizeof flow.kernel_bytes);
  }
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  ::getsockname(*fd, reinterpret_cast<sockaddr*>(&address), &length);
  socket.set(zmq::sockopt::use_fd, *fd);
  // Of these, libzmq reads the transport and nothing else.
  socket.bind(address.ss_family == AF_UNIX ? "ipc://*" : "tcp://127.0.0.1:*");
}

// What CURVE adds to a frame (ZeroMQ RFC 26): the command's name, a short nonce, flags, and the box's own 16 bytes.
constexpr std::int64_t most_overhead = 64;

}  // namespace

void close_to_strangers(zmq::socket_t& socket, const KeyPair& own, const std::string& name, Admits admits) {
  socket.set(zmq::sockopt::curve_server, true);
  socket.set(zmq::sockopt::curve_secretkey, own.secret_key);
  socket.set(zmq::sockopt::zap_domain, zap_domain(name, admits));
  socket.set(zap_enforce_domain, 1);
}

Network::Network(RunKey key) : key_(std::move(key)), context_(1), doorkeeper_(context_, key_) {
  google::protobuf::SetLogHandler(nullptr);  // receive() says what is damaged, and not ten thousand times
}

zmq::socket_t Network::make(zmq::socket_type type, Flow flow) {
  zmq::socket_t socket(context_, type);
  socket.set(zmq::sockopt::linger, flow.linger_ms);
  socket.set(zmq::sockopt::sndhwm, flow.messages);
  socket.set(zmq::sockopt::rcvhwm, flow.messages);
  if (flow.kernel_bytes > 0) {
    socket.set(zmq::sockopt::sndbuf, flow.kernel_bytes);
    socket.set(zmq::sockopt::rcvbuf, flow.kernel_bytes);
  }
  // Of one frame, of which libzmq makes room for all as soon as it is announced, also by one who has not shown a key yet.
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(frame_bytes) + most_overhead);
  socket.set(zmq::sockopt::ipv6, true);
  socket.set(zmq::sockopt::backlog, 1024);
  socket.set(zmq::sockopt::handshake_ivl, 5'000);
  socket.set(zmq::sockopt::reconnect_ivl, 50);
  socket.set(zmq::sockopt::reconnect_ivl_max, 2000);
  // No ZMTP heartbeats: a peer that is busy for long would be cut off and its queue dropped. The kernel looks after half-open
  // connections, leases after peers that hang. Who only receives, as a fetcher from its producer, notices by these probes alone
  // that the other side has been started again: after 10 s. Nobody is given up within 25 s.
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, 10);
  socket.set(zmq::sockopt::tcp_keepalive_intvl, 5);
  socket.set(zmq::sockopt::tcp_keepalive_cnt, 4);
  return socket;
}

zmq::socket_t Network::bind(zmq::socket_type type, const std::string& name, const std::string& endpoint, Flow flow,
                            Admits admits) {
  zmq::socket_t socket = make(type, flow);
  close_to_strangers(socket, key_.own(), name, admits);
  if (type == zmq::socket_type::router) socket.set(zmq::sockopt::router_mandatory, true);
  doorkeeper_.watch(socket, name);
  try {
    if (endpoint.starts_with(inherited_scheme)) {
      adopt(socket, endpoint, flow);
    } else {
      socket.bind(endpoint);
    }
  } catch (const zmq::error_t& error) {
    throw Stop(ExitCode::cannot_go_on, "cannot listen for " + name + " at " + endpoint + ": " + error.what());
  }
  return socket;
}

zmq::socket_t Network::connect(zmq::socket_type type, const std::string& endpoint, Flow flow, Role peer) {
  zmq::socket_t socket = make(type, flow);
  join(socket, endpoint, peer);
  return socket;
}

void Network::join(zmq::socket_t& socket, const std::string& endpoint, Role peer) const {
  socket.set(zmq::sockopt::curve_serverkey, (peer == Role::coordinator ? key_.coordinator : key_.worker).public_key);
  socket.set(zmq::sockopt::curve_publickey, key_.own().public_key);
  socket.set(zmq::sockopt::curve_secretkey, key_.own().secret_key);
  // On this machine a program is back within tenths of a second; a longer wait is for the sake of networks.
  if (endpoint.starts_with("tcp://127.0.0.1:")) socket.set(zmq::sockopt::reconnect_ivl_max, 100);
  try {
    socket.connect(endpoint);
  } catch (const zmq::error_t& error) {
    throw Stop(ExitCode::bad_usage, "cannot connect to " + endpoint + ": " + error.what());
  }
}

bool Network::reaches(const std::string& endpoint, std::chrono::milliseconds patience) {
  zmq::socket_t probe = make(zmq::socket_type::push, Flow::closing_at_once());
  probe.set(zmq::sockopt::immediate, true);  // it has room only while there is a connection
  join(probe, endpoint, Role::coordinator);
  zmq::pollitem_t room{probe.handle(), 0, ZMQ_POLLOUT, 0};
  return zmq::poll(&room, 1, patience) > 0;
}

std::string Network::bound_endpoint(zmq::socket_t& socket) {
  return socket.get(zmq::sockopt::last_endpoint);
}

std::uint32_t Network::port_of(std::string_view endpoint) {
  const std::string_view digits = endpoint.substr(endpoint.rfind(':') + 1);
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc{} && end == digits.data() + digits.size() ? port : 0;
}

}  // namespace thumbline
