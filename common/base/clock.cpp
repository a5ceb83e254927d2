#include "common/base/clock.h"

namespace thumbline {

Moment now() {
  return std::chrono::steady_clock::now();
}
WallTime wall_now() {
  return std::chrono::system_clock::now();
}

}  // namespace thumbline
