#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "collector/ledger.h"
#include "collector/link_row.h"
#include "collector/outcome_check.h"
#include "collector/run_observer.h"
#include "collector/thumbnail_folder.h"
#include "common/base/clock.h"
#include "common/base/complaint.h"
#include "common/base/stop_signals.h"
#include "common/net/link_token.h"
#include "common/net/network.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// Takes outcomes, writes them into the ledger, and sends receipts for what is committed. One thread, two sockets.
class Collector {
 public:
  /// When this session began, on both clocks.
  struct Start {
    Moment moment;
    WallTime wall;
  };

  /// Binds both sockets; throws Stop where that fails. `folder` is the run's.
  Collector(Network& network, const std::string& results, const std::string& receipts, const std::string& folder,
            Ledger& ledger, Start start);

  [[nodiscard]] std::string results_endpoint() { return Network::bound_endpoint(results_); }
  [[nodiscard]] std::string receipts_endpoint() { return Network::bound_endpoint(receipts_); }

  /// `broken` is told the originals (below the run's folder) that are no whole pictures and have to be fetched anew: those of
  /// failed links that are tried again.
  void on_broken(std::function<void(const std::string&)> broken) { broken_ = std::move(broken); }
  /// Called at each turn, at least once a second; what it throws ends the run.
  void on_turn(std::function<void()> look) { look_ = std::move(look); }
  /// `look` comes before outcomes are recorded, and may throw: then they are not.
  void before_commit(std::function<void()> look) { before_commit_ = std::move(look); }

  /// Works until the producer says that it is over, and tells the observers how the run goes on. Throws Stop: `bad_usage` where
  /// the producer's settings are not those of the ledger, `cannot_go_on` after a signal, and when a disk is full.
  void run_until_over(std::span<RunObserver* const> observers, StopSignals& signals);

  /// Tells the producer that it may go. Nothing happens where it is gone already.
  void say_farewell();

  /// How many links the source named again.
  [[nodiscard]] std::uint64_t repeats() const { return plan_.repeats(); }

 private:
  /// The ids in the ledger, on their way to the producer that asked.
  struct SettledIds {
    std::uint64_t session;
    std::optional<std::uint64_t> after;        ///< the last one that was read
    std::optional<std::int64_t> failed_after;  ///< then the failed ones: the place of the last one in the ledger
    wire::ToProducer message;                  ///< the next to send
  };

  bool wait(const StopSignals& signals, std::chrono::milliseconds longest);
  bool take();
  bool is_credible(wire::Outcome& outcome, Role from);
  void note(const wire::Outcome& outcome, std::int64_t arrived_us);
  void obey(const wire::ToCollector& message);
  bool is_of_another_run(const std::string& run);
  bool store_thumbnail(const wire::Outcome& outcome);
  void meet(const wire::Hello& hello);
  [[nodiscard]] bool commit_is_due() const;
  void commit();
  void answer();
  void read_settled_ids();
  void read_failed_ids();
  void complete_settled_ids();
  void try_again();
  void stop_if_hopeless();
  [[noreturn]] void end_early();
  void deliver(wire::ToProducer message);
  void tell(std::span<RunObserver* const> observers);

  Ledger& ledger_;
  Start start_;
  zmq::socket_t results_;
  zmq::socket_t receipts_;
  ThumbnailFolder thumbnails_;
  std::string folder_;
  LinkTokens tokens_;
  Wanted wanted_;
  Complaint unknown_links_;
  Complaint impostors_;
  Complaint misfits_;
  std::string run_;  ///< the id of the folder, once somebody has named one
  bool has_dropped_others_ = false;
  std::function<void(const std::string&)> broken_;
  std::function<void()> look_;
  std::function<void()> before_commit_;

  wire::ToCollector message_;  ///< the one being read; kept for its memory
  std::vector<LinkRow> batch_;
  wire::ToProducer batch_receipts_;  ///< for those, once they are committed
  wire::ToProducer receipts_to_send_;
  std::optional<SettledIds> settled_ids_;
  Moment next_commit_{};
  wire::Plan plan_;
  std::string remark_;  ///< the last that was told
  Speedometer speed_;
  LiveFigures figures_;

  bool over_ = false;
  std::string full_disk_;               ///< what a stage says of it; empty: none is full
  std::string unusable_folder_;         ///< the same of the folder; empty: all can write there
  std::uint64_t producer_session_ = 0;  ///< of the last one that said hello
  std::string refusal_;                 ///< why the producer's settings do not fit; empty: they do
};

}  // namespace thumbline
