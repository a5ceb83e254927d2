#include "common/net/uninterrupted.h"

#include <poll.h>

#include <algorithm>
#include <vector>

#include "common/base/clock.h"

namespace thumbline {
namespace {

/// What of what is wanted is possible now. To ask libzmq takes two system calls.
short events_of(const zmq::pollitem_t& item) {
  int events = 0;
  std::size_t size = sizeof events;
  uninterrupted([&] {
    if (zmq_getsockopt(item.socket, ZMQ_EVENTS, &events, &size) != 0) throw zmq::error_t();
  });
  return static_cast<short>(events & item.events);
}

pollfd descriptor_of(const zmq::pollitem_t& item) {
  if (item.socket == nullptr) return {item.fd, static_cast<short>((item.events & ZMQ_POLLIN) != 0 ? POLLIN : POLLOUT), 0};
  pollfd descriptor{-1, POLLIN, 0};  // readable when the socket has something to look at, whichever it is
  std::size_t size = sizeof descriptor.fd;
  if (zmq_getsockopt(item.socket, ZMQ_FD, &descriptor.fd, &size) != 0) throw zmq::error_t();
  return descriptor;
}

/// Notes what the kernel has said; returns of how many items there is something.
int note(std::span<zmq::pollitem_t> items, std::span<const pollfd> descriptors) {
  int found = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    zmq::pollitem_t& item = items[i];
    if (item.socket == nullptr) {
      item.revents = descriptors[i].revents != 0 ? item.events : short{0};
    } else if (item.revents == 0 && descriptors[i].revents != 0) {
      item.revents = events_of(item);
    }
    found += item.revents != 0 ? 1 : 0;
  }
  return found;
}

}  // namespace

int wait_for(std::span<zmq::pollitem_t> items, std::chrono::milliseconds longest) {
  using namespace std::chrono_literals;
  const Moment begin = now();
  bool waits = true;
  std::vector<pollfd> descriptors;
  for (zmq::pollitem_t& item : items) {
    item.revents = item.socket != nullptr ? events_of(item) : short{0};
    waits = waits && item.revents == 0;
    descriptors.push_back(descriptor_of(item));
  }
  while (true) {
    const auto left =
        std::max<std::chrono::milliseconds>(longest - std::chrono::floor<std::chrono::milliseconds>(now() - begin), 0ms);
    const int timeout = !waits          ? 0
                        : longest < 0ms ? -1
                                        : static_cast<int>(std::min<std::chrono::milliseconds>(left, 1h).count());
    const int readable = ::poll(descriptors.data(), descriptors.size(), timeout);
    if (readable < 0 && errno == EINTR) continue;
    if (readable < 0) throw zmq::error_t();
    const int found = note(items, descriptors);
    if (found > 0 || (longest >= 0ms && left == 0ms)) return found;
  }
}

}  // namespace thumbline
