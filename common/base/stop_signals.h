#pragma once

namespace thumbline {

/// SIGINT and SIGTERM as something to poll. SIGTERM asks to end when what is in hand is finished, SIGINT
/// to end at once; who has nothing in hand need not care which it was. They are blocked for the calling thread and for every
/// thread that it starts later: libzmq 4.3.4 may deliver messages late when a signal interrupts it.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Readable once a signal has come.
  [[nodiscard]] int fd() const { return fd_; }
  /// Whether one has come; takes it.
  bool take();
  /// Whether one of those that were taken asks to end at once.
  [[nodiscard]] bool at_once() const { return at_once_; }

 private:
  int fd_;
  bool at_once_ = false;
};

}  // namespace thumbline
