#pragma once
#include <cstdint>
#include <string>
#include <thread>
#include <zmq.hpp>

namespace thumbline {

/// Decides who may talk to this process, and writes down who was turned away. It answers libzmq's ZAP questions (ZeroMQ RFC 27)
/// with yes for the one allowed key alone, and watches the handshakes that fail before ZAP is asked (no key, or a key that
/// does not fit ours). One thread. Should it ever end by an error, the process aborts: without it the door would stand open.
class Doorkeeper {
 public:
  /// Must be made before any socket is bound, and outlive every one of them.
  Doorkeeper(zmq::context_t& context, std::string allowed_key);
  ~Doorkeeper();  // NOLINT(bugprone-exception-escape): what fails here, or in run(), ends the process
  Doorkeeper(const Doorkeeper&) = delete;
  Doorkeeper& operator=(const Doorkeeper&) = delete;

  /// Reports failed handshakes of `socket`, which is not bound yet, under this name.
  void watch(zmq::socket_t& socket, const std::string& name);

 private:
  void run() noexcept;  // NOLINT(bugprone-exception-escape)

  zmq::context_t& context_;
  std::string allowed_key_;
  zmq::socket_t questions_;  ///< of ZAP; the thread's
  zmq::socket_t orders_;     ///< the thread's end of the line to its owner
  zmq::socket_t owner_;      ///< the owner's end
  int watched_ = 0;
  std::thread thread_;
};

}  // namespace thumbline
