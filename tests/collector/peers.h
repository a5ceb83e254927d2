#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/base/program.h"
#include "common/net/network.h"
#include "proto/pipeline.pb.h"
#include "tests/program_run.h"

namespace thumbline::test {

/// A thumbline-collector, and all who talk to it, played by the test over real sockets: by send() the producer, who needs no
/// token.
class Peers {
 public:
  Peers();

  /// Starts the program on out(), its standard output and error going to files; waits until it listens. One that was started
  /// before is gone then.
  void start(const std::vector<std::string>& more = {});
  /// Starts it anew at the same endpoints, as a launcher does with one that died.
  void start_again(const std::vector<std::string>& more = {});
  [[nodiscard]] ProgramRun& program() { return *program_; }
  [[nodiscard]] std::string out() const { return folder_ / "run"; }
  /// What the last one that was started has printed so far.
  [[nodiscard]] std::string printed() const;
  [[nodiscard]] std::string complained() const;

  void send(wire::ToCollector message);
  void send(const wire::Outcome& outcome);
  void send_raw(const std::string& bytes);
  /// As a worker.
  void send_as_worker(wire::ToCollector message);
  /// As a worker that was given the link.
  void send_as_worker(wire::Outcome outcome);
  void say_hello(const std::string& settings, std::uint64_t session);
  void say_over();
  /// The next message to the producer; throws where none comes.
  wire::ToProducer answer();
  /// Takes answers until `id` has a receipt.
  wire::Receipt receipt(std::uint64_t id);
  /// Says hello and takes all ids that the ledger has.
  std::set<std::uint64_t> settled(const std::string& settings, std::uint64_t session);
  /// What the last answer to hello said beside that.
  [[nodiscard]] const std::set<std::uint64_t>& to_try_again() const { return to_try_again_; }
  [[nodiscard]] const wire::ToProducer& greeting() const { return greeting_; }
  /// Says that it is over, waits for the farewell and the end of the program; its exit code.
  int finish();

 private:
  void run(const std::vector<std::string>& more);

  ScratchFolder folder_;
  RunKey key_;
  Network network_;  ///< the producer's
  Network worker_network_;
  std::string results_endpoint_ = "tcp://127.0.0.1:*";
  std::string receipts_endpoint_ = "tcp://127.0.0.1:*";
  std::optional<zmq::socket_t> results_;
  std::optional<zmq::socket_t> worker_results_;
  std::optional<zmq::socket_t> receipts_;
  std::string run_;                     ///< as the collector said last
  std::vector<wire::Receipt> waiting_;  ///< received, not asked for yet
  std::set<std::uint64_t> to_try_again_;
  wire::ToProducer greeting_;  ///< its last message
  std::unique_ptr<ProgramRun> program_;
};

/// The outcome of a link whose picture was fetched and shrunk.
wire::Outcome done_link(std::uint64_t id);
/// That of one that failed, at its last attempt.
wire::Outcome failed_link(std::uint64_t id, const std::string& reason);

std::string content(const std::string& file);

/// How `body` ends the program; throws where it does not.
Stop stop_of(const std::function<void()>& body);

}  // namespace thumbline::test
