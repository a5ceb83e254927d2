#pragma once
#include <chrono>
#include <string>

#include "collector/progress.h"

namespace thumbline {

/// Shows how far a run is, on one file descriptor.
class ProgressDisplay {
 public:
  enum class Style {
    none,
    lines,     ///< a plain line every five seconds, if something changed
    terminal,  ///< one line that is written anew in its place
  };

  ProgressDisplay(Style style, int fd) : style_(style), fd_(fd) {}
  /// Leaves the terminal's cursor at the start of a line.
  ~ProgressDisplay() { finish(); }
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  /// `terminal` where `fd` is one that can do it, else `lines`.
  static Style fitting(int fd);

  /// Shows `progress` with the speed that follows from it, if it is time to.
  void show(Progress progress, Moment now);
  /// A line that stays; for what the user must know, whatever the style.
  void say(const std::string& line);
  /// Takes away the line that is written anew; what stays is written by others.
  void finish();

  /// How often show() wants to be called.
  [[nodiscard]] std::chrono::milliseconds interval() const;

 private:
  [[nodiscard]] std::size_t columns_there() const;
  void write(const std::string& text) const;

  Style style_;
  int fd_;
  Speedometer speed_;
  Moment next_{};
  std::string shown_;
};

}  // namespace thumbline
