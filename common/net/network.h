#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "common/net/doorkeeper.h"
#include "common/net/run_key.h"

namespace thumbline {

/// How much a socket may hold back before it says that it is full.
struct Flow {
  int messages = 1000;   ///< high-water mark in each direction, per peer
  int kernel_bytes = 0;  ///< the TCP buffers; 0: the system's own
  int linger_ms = 500;   ///< what was sent may still go out for so long after the socket was closed

  /// For work that must not pile up at a slow peer: what the kernel and libzmq hold is lost with the peer or late with it.
  static Flow tight() { return {1, 4096, 0}; }
  /// For what is worth nothing unsent, or will be said again: closing such a socket waits for nobody.
  static Flow closing_at_once() { return {1000, 0, 0}; }
};

/// Has a socket that is not bound yet let in nobody but who knows the public half of `own`, and of those whom the doorkeeper of
/// its context welcomes: nobody at all where there is none, or where it is gone or silent. `name` is what the doorkeeper is
/// told of it.
void close_to_strangers(zmq::socket_t& socket, const KeyPair& own, const std::string& name, Admits admits = Admits::everybody);

/// The process's one ZeroMQ context, and the only place where sockets are made: each has CURVE, a ZAP domain and a cap on the
/// size of messages. Sockets must be closed before the Network ends; each belongs to the thread that made it.
class Network {
 public:
  explicit Network(RunKey key);

  /// `name` is the hop's ("links", "results", ...); the doorkeeper's log uses it. Throws Stop where the endpoint is in use or
  /// is none. A port of `*` is chosen by the system; bound_endpoint() tells which. `fd://N` is an inherited socket that listens
  /// already: connections that were made before this process was there wait in it, and it stays open when this process ends.
  /// `admits`: of those who have a key of the run.
  zmq::socket_t bind(zmq::socket_type type, const std::string& name, const std::string& endpoint, Flow flow,
                     Admits admits = Admits::everybody);
  /// Connects in the background and again whenever the peer comes back; throws Stop where the endpoint is none. `peer`: who has
  /// to be there; nobody else can pass for the coordinator.
  zmq::socket_t connect(zmq::socket_type type, const std::string& endpoint, Flow flow, Role peer = Role::coordinator);

  /// Whether a PULL socket of the coordinator takes up a connection there within `patience`.
  [[nodiscard]] bool reaches(const std::string& endpoint, std::chrono::milliseconds patience);

  [[nodiscard]] const RunKey& key() const { return key_; }

  /// Where others can reach a bound socket.
  static std::string bound_endpoint(zmq::socket_t& socket);
  /// Of tcp://HOST:PORT; 0 where there is none.
  static std::uint32_t port_of(std::string_view endpoint);

 private:
  zmq::socket_t make(zmq::socket_type type, Flow flow);
  void join(zmq::socket_t& socket, const std::string& endpoint, Role peer) const;

  RunKey key_;
  zmq::context_t context_;
  Doorkeeper doorkeeper_;
};

}  // namespace thumbline
