#include "common/net/uninterrupted.h"

#include <algorithm>

#include "common/base/clock.h"

namespace thumbline {

int wait_for(std::span<zmq::pollitem_t> items, std::chrono::milliseconds longest) {
  using namespace std::chrono_literals;
  const Moment begin = now();
  return uninterrupted([&] {
    const auto left = longest - std::chrono::floor<std::chrono::milliseconds>(now() - begin);
    return zmq::poll(items.data(), items.size(), longest < 0ms ? -1ms : std::max<std::chrono::milliseconds>(left, 0ms));
  });
}

}  // namespace thumbline
