#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>
#include <zmq.hpp>

#include "common/base/file_trouble.h"
#include "common/base/stop_signals.h"
#include "common/net/dispatcher.h"
#include "common/net/head.h"
#include "common/net/network.h"
#include "fetcher/given_pictures.h"
#include "fetcher/host_limiter.h"
#include "fetcher/lane.h"
#include "fetcher/lane_chooser.h"
#include "fetcher/mailbox.h"
#include "fetcher/options.h"
#include "fetcher/outcome_queue.h"
#include "fetcher/store.h"
#include "fetcher/watchdog.h"

namespace thumbline {

/// Takes links from the producer, gives them to the lanes, and sends on what they fetched: to a resizer that has room, or,
/// where there are none and for all that failed, to the collector. Keeps nothing that could not be asked for again: who holds
/// the promise are the producer's leases. All sockets belong to the thread that calls run().
class Fetcher {
 public:
  /// Connects and binds; throws Stop where that fails. libcurl must be initialised.
  /// `head`: where this worker is to be heard of; null where it was started with all it needs.
  Fetcher(const FetcherOptions& options, Network& network, Head* head);

  /// Where the resizers may connect to; empty where there are none.
  [[nodiscard]] std::string paths_endpoint() { return dispatcher_ ? dispatcher_->endpoint() : ""; }

  /// Works until the run is over or a signal comes. Then, where there is time, what is in hand is finished; the rest is handed
  /// back, so that others get it at once. Throws Stop where this machine turns out to be no place to work for another head.
  void run(StopSignals& signals);

 private:
  /// A link from its arrival until it is sent on. A repetition of it changes its attempt and nothing else.
  struct InHand {
    wire::Link link;
    std::string host;   ///< once it waits for a transfer
    Moment ended;       ///< once fetched
    wire::Fetch fetch;  ///< once fetched
  };

  void work();
  void send_waiting();
  void drain(StopSignals& signals);
  void hand_back(const wire::Link& link);
  void hand_back_untouched();
  void wait(StopSignals& signals, Moment until);
  [[nodiscard]] bool has_room() const;
  void watch_lanes(Moment at);
  void end_lanes();
  [[nodiscard]] std::string at_work_on(const Lane& lane) const;
  void take_links();
  void take(wire::Link link);
  bool take_from_store(InHand& entry);
  void choose_transfers();
  void hand_to_lanes();
  void take_silences();
  void take_fetched();
  void give_up(const std::vector<std::uint64_t>& in_vain, const Failure& failure);
  void send_on(InHand& done);
  void report(const wire::Link& link, const wire::Fetch& fetch, const Failure* failure);
  bool offer(InHand& done);
  void offer_waiting();
  void log_totals() const;

  FetcherOptions options_;
  std::size_t slots_;
  std::string worker_;
  Head* head_;
  Store store_;
  std::vector<zmq::socket_t> links_;
  zmq::socket_t results_;
  std::optional<Dispatcher> dispatcher_;
  std::unordered_map<std::uint64_t, InHand> in_hand_;
  HostLimiter limiter_;
  LaneChooser lane_chooser_;
  std::deque<std::uint64_t> for_resizers_;  ///< fetched; no resizer had room yet
  GivenPictures given_;
  OutcomeQueue outcomes_;
  FileTrouble trouble_;
  std::uint64_t fetched_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t bytes_ = 0;
  Mailbox<Silence> silences_;
  Mailbox<Fetched> mailbox_;
  std::vector<std::vector<Order>> orders_;  ///< for each lane, not handed over yet
  std::vector<Watchdog> watchdogs_;         ///< of each lane
  Moment next_watch_;
  std::vector<std::unique_ptr<Lane>> lanes_;  ///< last: they use what stands above
};

}  // namespace thumbline
