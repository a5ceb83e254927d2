#include "producer/backoff.h"

#include <algorithm>

namespace thumbline {

using std::chrono::milliseconds;

milliseconds backoff(int failures, milliseconds retry_after, double random) {
  constexpr milliseconds base{500};
  constexpr milliseconds cap{60'000};
  const int doublings = std::clamp(failures - 1, 0, 16);
  const milliseconds ceiling = std::min(cap, base * (1 << doublings));
  const milliseconds jittered{static_cast<milliseconds::rep>(random * static_cast<double>(ceiling.count()))};
  // The jitter is added to what the server asked for: all clients coming back at that very moment is what it fears.
  return std::clamp<milliseconds>(retry_after, milliseconds(0), longest_request) + jittered;
}

}  // namespace thumbline
