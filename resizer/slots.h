#pragma once
#include <algorithm>
#include <chrono>

namespace thumbline {

/// How many pictures a resizer should hold: as many as it makes in a few milliseconds. So a message has many small ones, and no
/// large one waits here while other resizers are idle. Pure.
class Slots {
 public:
  static constexpr unsigned fewest = 2;  ///< one in work, and the next one
  static constexpr unsigned most = 32;

  /// Adds the time that one picture took.
  void note(std::chrono::microseconds took) { mean_ += (std::chrono::duration<double, std::micro>(took) - mean_) / smoothing; }

  [[nodiscard]] unsigned count() const {
    return static_cast<unsigned>(std::clamp(in_hand / std::max(mean_, in_hand / most), double(fewest), double(most)));
  }

 private:
  static constexpr double smoothing = 16;
  static constexpr std::chrono::duration<double, std::micro> in_hand = std::chrono::milliseconds(5);

  std::chrono::duration<double, std::micro> mean_ = in_hand;
};

}  // namespace thumbline
