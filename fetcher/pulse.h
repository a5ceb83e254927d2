#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "common/base/clock.h"

namespace thumbline {

/// What a download thread is busy with.
enum class Doing : std::uint8_t {
  waiting,    ///< for the network, or for work
  transfers,  ///< in libcurl, and what that calls
  files,      ///< of the store: a disk may let it wait
};

/// What was seen of a download thread at one moment.
struct Sign {
  std::uint64_t turn = 0;  ///< of its loop
  Doing doing = Doing::waiting;
  std::chrono::nanoseconds processor{0};  ///< used by the thread so far
};

/// By which a download thread shows that it gets on. Written by that thread, read by others.
class Pulse {
 public:
  /// On the thread itself, once, before anything else.
  void begin() {
    clock_ = ThreadClock::of_this_thread();
    has_begun_.store(true, std::memory_order_release);
  }
  void next_turn() { turn_.fetch_add(1, std::memory_order_relaxed); }
  void now_doing(Doing doing) { doing_.store(doing, std::memory_order_relaxed); }
  /// The link that is being worked on.
  void now_at(std::uint64_t link) { link_.store(link, std::memory_order_relaxed); }

  /// Nothing before the thread has begun, and after it has ended.
  [[nodiscard]] std::optional<Sign> sign() const {
    if (!has_begun_.load(std::memory_order_acquire)) return std::nullopt;
    const Sign sign{turn_.load(std::memory_order_relaxed), doing_.load(std::memory_order_relaxed)};
    const auto processor = clock_->read();
    return processor ? std::optional(Sign{sign.turn, sign.doing, *processor}) : std::nullopt;
  }
  [[nodiscard]] std::uint64_t link() const { return link_.load(std::memory_order_relaxed); }

 private:
  std::optional<ThreadClock> clock_;
  std::atomic<bool> has_begun_ = false;
  std::atomic<std::uint64_t> turn_ = 0;
  std::atomic<std::uint64_t> link_ = 0;
  std::atomic<Doing> doing_ = Doing::waiting;
};

/// Sets what a thread is doing for as long as this object lives.
class DoingFiles {
 public:
  explicit DoingFiles(Pulse& pulse) : pulse_(pulse) { pulse_.now_doing(Doing::files); }
  ~DoingFiles() { pulse_.now_doing(Doing::transfers); }
  DoingFiles(const DoingFiles&) = delete;
  DoingFiles& operator=(const DoingFiles&) = delete;

 private:
  Pulse& pulse_;
};

}  // namespace thumbline
