#pragma once
#include <cerrno>
#include <chrono>
#include <span>
#include <zmq.hpp>

namespace thumbline {

/// What `call` returns; it is called again for as long as a signal interrupts it (EINTR). All of libzmq's calls on sockets may
/// end so, also those that do not wait, and have done nothing then.
template <class Call>
auto uninterrupted(Call call) {
  while (true) {
    try {
      return call();
    } catch (const zmq::error_t& error) {
      if (error.num() != EINTR) throw;
    }
  }
}

/// Waits as zmq::poll() does, for `longest` at most (for ever where that is negative), whatever signals come meanwhile.
int wait_for(std::span<zmq::pollitem_t> items, std::chrono::milliseconds longest);

}  // namespace thumbline
