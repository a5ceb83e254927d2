#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "producer/host_queues.h"
#include "producer/link.h"
#include "producer/round_trip.h"

namespace thumbline {

/// The bounds of the lease book.
struct LeaseRules {
  std::size_t window = 2048;       ///< links that are out at once; dead hosts hold theirs for long, and others want to pass
  std::size_t held = 8192;         ///< links that are known at once and out, or waiting for their turn
  std::size_t delayed = 100'000;   ///< those that wait for their backoff, or for a host that limits its rate: others shall pass
  int attempts = 5;                ///< so many transient failures, or so many lost leases that others do not share, end a link
  std::chrono::seconds floor{2};   ///< shortest lease
  std::chrono::seconds first{10};  ///< a lease while nothing is known of how long links take
  std::chrono::seconds patience{75};  ///< longest lease: a transfer that is allowed 60 s may take them
  double per_host_rate = 0;           ///< links a second that any host gets at most; 0: no limit
};

/// Which links are out, until when, and what is to be published next. This is where nothing gets lost:
///
///      add              published             settled
///   ─────────▶ ready ──────────────▶ leased ────────────▶ (gone)
///                ▲ │                 │  │ ▲
///                │ │   lease expired │  │ └──┘ backup copy, once no new link is left
///                ├─│─────────────────┘  │
///                │ │ time has come      │ try again
///                ├─│──────── delayed ◀──┤
///                │ ▼ its host's turn    │ refused
///                └── waiting ◀──────────┘
///
/// Links wait for hosts that may not be asked for more now: each host has a queue and a pace of its own (HostPace), and all
/// fetchers together keep to it. A refusal (429, 503) is held against its host, and against the link only where others of that
/// host get through again and again.
///
/// A link whose leases keep expiring although others get through ends with the verdict `lost`; a verdict is published to the
/// collector, leased like everything else, until its receipt is here. Pure: no clock, no sockets, no randomness of its own.
class LeaseBook {
 public:
  explicit LeaseBook(LeaseRules rules) : rules_(rules), hosts_(rules.per_host_rate) {}

  /// Whether there is room for another link.
  [[nodiscard]] bool has_room() const {
    const std::size_t patient = delayed_ + hosts_.waiting_for_limited();
    return entries_.size() < rules_.held + patient && patient < rules_.delayed && fresh_.size() < rules_.window;
  }
  /// Takes a link; with a `verdict` (a bad link) it goes to the collector at once.
  void add(Link link, std::optional<Failure> verdict = std::nullopt);
  /// The source has no more links: from now on backup copies are due.
  void no_more_links() { draining_ = true; }

  /// What to publish.
  struct Publication {
    const Link* link;       ///< the book's; valid until the next call that changes it
    std::uint32_t attempt;  ///< fencing number: 1, 2, ...
    bool last_attempt;      ///< a transient failure that is no refusal will not be tried again
    std::uint32_t tries;  ///< how often it has been tried, with this attempt: without copies, and without what was handed back
    bool again;           ///< it was published before
    const Failure* verdict;  ///< to the collector instead of the fetchers; null: none
  };
  /// The next link whose turn it is; nothing where the window is full or no link is ready. Asked again, it says the same
  /// until published() is called.
  std::optional<Publication> next(Moment now);
  /// What next() said was sent.
  void published(Moment now);

  /// The ledger has the outcome.
  void settled(std::uint64_t id, Moment now);
  /// The attempt failed for now. `random` is in [0, 1).
  struct TryAgain {
    std::uint64_t id;
    std::uint32_t attempt;
    std::chrono::milliseconds retry_after;
  };
  void try_again(const TryAgain& answer, double random, Moment now);
  /// A host wants fewer requests. `failure` says which, if it is not the link's own, and how long it is to be left alone.
  struct Refused {
    std::uint64_t id;
    std::uint32_t attempt;
    Failure failure;
    bool settled = false;  ///< the ledger has that as the link's outcome
  };
  void refused(const Refused& answer, double random, Moment now);
  /// A worker that leaves has not tried: somebody else shall, and nothing counts.
  void handed_back(std::uint64_t id, std::uint32_t attempt, Moment now);

  /// Lets leases and delays run out.
  void tick(Moment now);
  /// When tick() has something to do again; Moment::max() where nothing is out.
  [[nodiscard]] Moment wake();

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t leased() const { return leased_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// How many hosts are known.
  [[nodiscard]] std::size_t hosts() const { return hosts_.known(); }

 private:
  enum class State : std::uint8_t { ready, leased, delayed, waiting };
  enum class Queue : std::uint8_t { again, hosts, fresh, backups };

  struct Entry {
    Link link;
    std::optional<Failure> verdict;
    std::unique_ptr<Failure> refusal = {};  ///< the last of its own
    State state = State::ready;
    Host* host = nullptr;       ///< that has to be asked; null: none
    std::uint64_t number = 0;   ///< of the request in hand, as that host's pace counts
    std::uint64_t answers = 0;  ///< what that host had answered when it last refused this link
    std::uint32_t attempt = 0;
    std::uint32_t tries = 0;   ///< that are over
    int failures = 0;          ///< transient ones, and refusals while nothing got through
    int refusals = 0;          ///< while others of the host got through
    int expiries = 0;          ///< leases lost while others got through
    int silent_expiries = 0;   ///< leases lost while nothing at all came back
    int copies = 0;            ///< backup copies of this lease
    std::uint32_t serial = 0;  ///< of the newest timer; older ones are void
    Moment sent{};
  };

  struct Timer {
    Moment due;
    std::uint64_t id;
    std::uint32_t serial;
    friend bool operator>(const Timer& a, const Timer& b) { return a.due > b.due; }
  };

  Entry* find(std::uint64_t id);
  Entry* find_leased(std::uint64_t id, std::uint32_t attempt);
  std::deque<std::uint64_t>& queue_of(Queue queue) {
    return queue == Queue::again ? again_ : queue == Queue::fresh ? fresh_ : backups_;
  }
  Entry* front_of(Queue queue, Moment now);
  Entry* first_of(std::deque<std::uint64_t>& queue, Moment now);
  Entry* first_of_hosts(Moment now);
  Entry* first_of_backups(Moment now);
  bool wait_for_host(Entry& entry, Moment now);
  Host& blame(Entry& entry, const Refused& answer, double random, Moment now);
  void give_up(Entry& entry, const Failure& failure);
  void give_up_host(Host& host, Moment now);
  void forget(Entry& entry);
  void set_timer(Entry& entry, Moment due);
  void delay(Entry& entry, Moment until);
  void make_ready(Entry& entry);
  void expire(Entry& entry, Moment now);
  void drop(const Entry& entry, Moment now);
  void note_first_lease(const Entry& entry, bool lost);
  [[nodiscard]] bool is_lost(int expiries, int silent_expiries) const;
  void make_backups(Moment now);
  [[nodiscard]] RoundTrip::Duration lease_for(const Entry& entry) const;
  [[nodiscard]] static int spread(const Entry& entry);
  [[nodiscard]] RoundTrip::Duration backup_after(int copies) const;

  LeaseRules rules_;
  RoundTrip round_trip_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::deque<std::uint64_t> fresh_;    ///< ready, never published
  std::deque<std::uint64_t> again_;    ///< ready, published before; these go first
  std::deque<std::uint64_t> backups_;  ///< leased; these go last
  HostQueues hosts_;                   ///< waiting, each for its host
  std::optional<Queue> chosen_;        ///< whose front next() named
  bool again_last_ = false;            ///< so that a flood of them does not keep others from going out
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::size_t leased_ = 0;
  std::size_t delayed_ = 0;
  double loss_ = 0;  ///< the share of first leases that are lost, of late
  Moment last_receipt_{};
  Moment next_backups_{};
  bool draining_ = false;
};

}  // namespace thumbline
