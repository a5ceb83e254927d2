#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "common/base/clock.h"
#include "common/base/program.h"
#include "common/base/stop_signals.h"
#include "common/net/network.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// The run's head as a worker sees it that was told nothing but its door: there it hears where all others are, and says that it
/// is there itself as often as the head wants to hear it. A DEALER socket; one thread.
class Head {
 public:
  /// `door`: tcp://HOST:PORT. Throws Stop where it is no such thing. By the options the launcher hears of a head that falls
  /// silent ("silent"), and of one that is back ("back").
  Head(Network& network, const std::string& door, const ProgramOptions& options);
  ~Head();
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;

  /// Before find(): this worker wants to know how to ask for pictures.
  void ask_for_requests() { present_.set_wants_requests(true); }

  /// Asks until the head answers. Throws Stop: `cannot_go_on` where it does not, or a signal comes first; `bad_usage` where
  /// it speaks another version of the protocol.
  void find(StopSignals& signals);

  /// What this worker is, for the others: the id of the folder it works in, and the endpoint at which it gives out pictures
  /// ("" for none).
  void introduce(const std::string& store, const std::string& paths);
  /// That this worker wants to know who gives out pictures of that folder.
  void look_for_sources(const std::string& store);

  /// Says again that this worker is there where that is due, and hears what the head has to say; true where that is news.
  /// Throws Stop where the head has been silent for minutes, and where another run has taken its place.
  bool attend(Moment now);
  /// When to call attend() at the latest; also when handle() can be read.
  [[nodiscard]] Moment due() const { return due_; }
  [[nodiscard]] void* handle() { return socket_.handle(); }

  /// Makes sure that the head's port for results is open, too: else a worker would take links, and nobody would hear of them.
  /// Throws Stop as find() does.
  void expect_results(Network& network) const;

  /// What it said last.
  [[nodiscard]] const wire::Places& places() const { return places_; }
  /// Endpoints as this worker reaches them.
  [[nodiscard]] std::string endpoint(std::uint32_t port) const;
  [[nodiscard]] std::string endpoint(const wire::Source& source) const;

 private:
  class Watch;

  bool hear(Moment now);
  void take(wire::Places places);
  void speak(Moment now);
  void note_silence(bool is_silent);

  std::string door_;
  ProgramOptions options_;
  bool is_silent_ = false;
  std::string host_;  ///< of the door, as it was given: with brackets where it needs them
  zmq::socket_t socket_;
  std::unique_ptr<Watch> watch_;
  wire::Present present_;
  wire::Places places_;
  Moment due_{};
  Moment next_heartbeat_{};
  Moment asked_ = Moment::max();           ///< the first heartbeat that was not answered yet
  std::chrono::milliseconds again_after_;  ///< the next one, where this is not answered either
};

}  // namespace thumbline
