#pragma once
#include <chrono>
#include <string>

#include "collector/run_observer.h"

namespace thumbline {

/// Shows how far a run is, on one file descriptor.
class ProgressDisplay : public RunObserver {
 public:
  enum class Style {
    none,
    lines,     ///< a plain line every five seconds, if something changed
    terminal,  ///< one line that is written anew in its place
  };

  ProgressDisplay(Style style, int fd) : style_(style), fd_(fd) {}
  /// Leaves the terminal's cursor at the start of a line.
  ~ProgressDisplay() override { finish(); }

  /// `terminal` where `fd` is one that can do it, else `lines`.
  static Style fitting(int fd);

  [[nodiscard]] std::chrono::milliseconds interval() const override;
  void on_progress(const RunStatus& status, Moment now) override { show(status.progress, now); }
  void on_remark(const std::string& line) override { say(line); }
  void on_end() override { finish(); }

  /// Shows `progress`, if it is time to.
  void show(const Progress& progress, Moment now);
  /// A line that stays; for what the user must know, whatever the style.
  void say(const std::string& line);
  /// Takes away the line that is written anew; what stays is written by others.
  void finish();

 private:
  [[nodiscard]] std::size_t columns_there() const;
  void write(const std::string& text) const;

  Style style_;
  int fd_;
  Moment next_{};
  std::string shown_;
};

}  // namespace thumbline
