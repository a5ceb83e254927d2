#pragma once
#include <cstdint>
#include <string>
#include <thread>
#include <zmq.hpp>

#include "common/net/run_key.h"

namespace thumbline {

/// Whom a bound socket lets in, of those who have a key of the run.
enum class Admits { everybody, coordinator };

/// The ZAP domain of a socket: what the doorkeeper is told of it.
std::string zap_domain(const std::string& name, Admits admits);

/// The User-Id that messages of this role have (zmq_msg_gets).
const char* user_id(Role role);

/// Decides who may talk to this process, and writes down who was turned away. It answers libzmq's ZAP questions (ZeroMQ RFC 27)
/// with yes for the keys of the run alone, and says whose that is; and it watches the handshakes that fail before ZAP is asked
/// (no key, or a key that does not fit ours). One thread. Should it ever end by an error, the process aborts: without it the
/// door would stand open.
class Doorkeeper {
 public:
  /// Must be made before any socket is bound, and outlive every one of them.
  Doorkeeper(zmq::context_t& context, const RunKey& key);
  ~Doorkeeper();  // NOLINT(bugprone-exception-escape): what fails here, or in run(), ends the process
  Doorkeeper(const Doorkeeper&) = delete;
  Doorkeeper& operator=(const Doorkeeper&) = delete;

  /// Reports failed handshakes of `socket`, which is not bound yet, under this name.
  void watch(zmq::socket_t& socket, const std::string& name);

 private:
  void run() noexcept;  // NOLINT(bugprone-exception-escape)

  zmq::context_t& context_;
  std::string coordinator_key_;
  std::string worker_key_;
  zmq::socket_t questions_;  ///< of ZAP; the thread's
  zmq::socket_t orders_;     ///< the thread's end of the line to its owner
  zmq::socket_t owner_;      ///< the owner's end
  int watched_ = 0;
  std::thread thread_;
};

}  // namespace thumbline
