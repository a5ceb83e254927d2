#pragma once

namespace thumbline {

/// SIGINT and SIGTERM as something to poll. They are blocked for the calling thread and for every thread that it starts later:
/// libzmq 4.3.4 may deliver messages late when a signal interrupts it.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Readable once a signal has come.
  [[nodiscard]] int fd() const { return fd_; }
  /// Whether one has come; takes it.
  bool take();  // NOLINT(readability-make-member-function-const): it changes what fd() has

 private:
  int fd_;
};

}  // namespace thumbline
