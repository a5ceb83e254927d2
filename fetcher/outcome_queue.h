#pragma once
#include <cstddef>
#include <deque>
#include <string>
#include <zmq.hpp>

#include "proto/pipeline.pb.h"

namespace thumbline {

/// Outcomes on their way to the collector, many a message. Never waits: what the socket has no room for stays here.
class OutcomeQueue {
 public:
  /// Of which run they are, by the id of its folder.
  void belong_to(const std::string& run) { run_ = run; }

  void add(wire::Outcome outcome) { waiting_.push_back(std::move(outcome)); }

  /// Sends what the socket takes.
  void flush(zmq::socket_t& results);

  /// Whether the collector is behind; then nothing more should be begun.
  [[nodiscard]] bool is_behind() const { return !waiting_.empty() || message_.outcomes_size() > 0; }

 private:
  std::deque<wire::Outcome> waiting_;
  wire::ToCollector message_;  ///< made, not sent
  std::string run_;
};

}  // namespace thumbline
