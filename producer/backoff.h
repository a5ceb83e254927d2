#pragma once
#include <chrono>

namespace thumbline {

/// What a server may ask for; who wants more patience than this does not get it.
inline constexpr std::chrono::hours longest_request{1};

/// How long to wait before the next attempt after the `failures`-th transient failure (1, 2, ...): exponential backoff with
/// full jitter (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015), random in [0, min(cap, base x
/// 2^n]], and no sooner than the server asked for. `random` is in [0, 1).
std::chrono::milliseconds backoff(int failures, std::chrono::milliseconds retry_after, double random);

}  // namespace thumbline
