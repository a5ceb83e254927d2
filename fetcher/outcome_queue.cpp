#include "fetcher/outcome_queue.h"

#include <utility>

#include "common/base/crash_point.h"
#include "common/net/message.h"

namespace thumbline {
namespace {

// With links as long as they may be, a message of so many outcomes stays below the cap of the sockets (4 MiB).
constexpr int most_outcomes = 256;

}  // namespace

void OutcomeQueue::flush(zmq::socket_t& results) {
  while (is_behind()) {
    while (!waiting_.empty() && message_.outcomes_size() < most_outcomes) {
      *message_.add_outcomes() = std::move(waiting_.front());
      waiting_.pop_front();
    }
    message_.set_run(run_);
    if (!send(results, message_)) return;
    crash_point(CrashPoint::fetcher_has_reported);
    message_.Clear();
  }
}

}  // namespace thumbline
