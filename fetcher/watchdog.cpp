#include "fetcher/watchdog.h"

#include <algorithm>

namespace thumbline {
namespace {

// Between two looks counts as no longer than this: a process that was stopped sees hours pass at once.
constexpr std::chrono::seconds longest_step{2};

}  // namespace

bool Watchdog::hangs(const Sign& sign, Moment at) {
  if (sign.doing == Doing::waiting || sign.turn != first_.turn) {
    first_ = last_ = sign;
    last_at_ = at;
    stuck_ = {};
    return false;
  }
  const bool rests = sign.processor == last_.processor && sign.doing != Doing::files;
  stuck_ = rests ? stuck_ + std::min<std::chrono::nanoseconds>(at - last_at_, longest_step) : std::chrono::nanoseconds(0);
  last_ = sign;
  last_at_ = at;
  return sign.processor - first_.processor >= limits_.busy || stuck_ >= limits_.stuck;
}

}  // namespace thumbline
