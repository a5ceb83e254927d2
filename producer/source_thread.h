#pragma once
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "producer/link_source.h"

namespace thumbline {

/// Reads a source in a thread of its own, a bounded number of links ahead: a slow disk, a pipe or Imgur's API must not keep the
/// producer from its receipts.
class SourceThread {
 public:
  explicit SourceThread(std::unique_ptr<LinkSource> source);
  ~SourceThread();
  SourceThread(const SourceThread&) = delete;
  SourceThread& operator=(const SourceThread&) = delete;

  /// Readable when take() may have something to say.
  [[nodiscard]] int fd() const { return event_; }

  struct Batch {
    std::vector<Found> found;
    bool ended = false;  ///< there will be no more
    std::string remark;  ///< with `ended`
  };
  /// What was read since the last call, at most a few hundred; never waits. Throws what the source threw.
  Batch take();

 private:
  void run(const std::stop_token& stop);
  void signal() const;

  std::unique_ptr<LinkSource> source_;
  int event_;
  std::mutex mutex_;
  std::condition_variable_any has_room_;
  std::vector<Found> found_;
  bool ended_ = false;
  std::exception_ptr error_;
  std::jthread thread_;  // last: it starts when everything else is there
};

}  // namespace thumbline
