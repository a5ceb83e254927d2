#pragma once
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/net/network.h"
#include "proto/pipeline.pb.h"
#include "tests/program_run.h"

namespace thumbline::test {

/// The producer, the collector and a resizer, as a fetcher sees them; played by the test over real sockets.
class Neighbours {
 public:
  Neighbours();

  /// The command that starts a fetcher among them, with its pictures in `store`.
  [[nodiscard]] std::vector<std::string> fetcher_command(const std::vector<std::string>& more = {}) const;
  [[nodiscard]] std::string store() const { return folder_ / "run"; }
  [[nodiscard]] std::filesystem::path stored(const std::string& path) const { return store() + "/" + path; }

  /// The producer publishes a link.
  void publish(wire::Link link);
  /// The next outcome at the collector; throws where none comes.
  wire::Outcome outcome();
  /// Whether an outcome comes within `limit`.
  std::optional<wire::Outcome> outcome_within(std::chrono::milliseconds limit);

  /// The resizer connects and asks for so many pictures.
  void resizer_asks(const std::string& paths, std::uint32_t slots);
  void resizer_is_done(std::uint32_t slots);
  /// The next picture at the resizer; throws where none comes.
  wire::Path path();
  /// Whether a picture comes within `limit`.
  std::optional<wire::Path> path_within(std::chrono::milliseconds limit);

 private:
  ScratchFolder folder_;
  RunKey key_;
  Network network_;         ///< the coordinator's
  Network worker_network_;  ///< the resizer's
  zmq::socket_t links_;
  zmq::socket_t results_;
  std::optional<zmq::socket_t> resizer_;
  std::uint32_t slots_ = 0;
  std::deque<wire::Path> paths_;         ///< received, not taken
  std::vector<wire::Outcome> outcomes_;  ///< received, not taken; the next one last
};

/// A link as the producer would publish it.
wire::Link link_to(const std::string& url, std::uint64_t id, const std::string& name);

}  // namespace thumbline::test
