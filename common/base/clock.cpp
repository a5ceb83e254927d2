#include "common/base/clock.h"

#include <pthread.h>

#include <system_error>

namespace thumbline {

Moment now() {
  return std::chrono::steady_clock::now();
}
WallTime wall_now() {
  return std::chrono::system_clock::now();
}

ThreadClock ThreadClock::of_this_thread() {
  clockid_t id{};
  const int error = ::pthread_getcpuclockid(::pthread_self(), &id);
  if (error != 0) throw std::system_error(error, std::generic_category(), "pthread_getcpuclockid");
  return ThreadClock(id);
}

std::optional<std::chrono::nanoseconds> ThreadClock::read() const {
  timespec time{};
  if (::clock_gettime(id_, &time) != 0) return std::nullopt;
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace thumbline
