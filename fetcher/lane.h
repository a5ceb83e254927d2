#pragma once
#include <curl/curl.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "fetcher/connection_meter.h"
#include "fetcher/dns_lifetime.h"
#include "fetcher/mailbox.h"
#include "fetcher/pulse.h"
#include "fetcher/reconnect_queue.h"
#include "fetcher/shared_caches.h"
#include "fetcher/transfer.h"

namespace thumbline {

/// What a lane says of a link whose host has not taken up the connection for so long that nearly every living one would have
/// (`begins`), or has done so after all.
struct Silence {
  std::uint64_t id = 0;
  bool begins = true;
};

/// A thread with one libcurl multi handle: fetches up to so many links at once, keeps the connections to their hosts, and puts
/// what has ended into a mailbox, and silences into another; of one link, always those first. Ends when it is destroyed; what
/// is still running is dropped then, its partial files too.
class Lane {
 public:
  /// `store` and the mailboxes must outlive the lane. Has so many `connections` open at once, used and kept; more where more
  /// are in use.
  Lane(Store& store, const TransferLimits& limits, std::size_t connections, Mailbox<Silence>& silences, Mailbox<Fetched>& done);
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// From any thread.
  void fetch(std::vector<Order>& orders);

  /// For the watchdog.
  [[nodiscard]] const Pulse& pulse() const { return pulse_; }
  /// Throws what has ended its thread, if anything was thrown there. When a thread ends, the mailbox for transfers that have
  /// ended becomes readable.
  void rethrow() const;
  /// Asks the thread to end, and does not wait for it.
  void ask_to_end();
  [[nodiscard]] bool has_ended() const { return has_ended_.load(std::memory_order_acquire); }

 private:
  void run(const std::stop_token& stop);
  void work(const std::stop_token& stop);
  void perform();
  void look_at_connections(Moment at);
  void start(Order order);
  void collect_ended();
  void go_on(const std::vector<Transfer*>& transfers);
  void tell_silences(Moment at);
  [[nodiscard]] int longest_poll_ms() const;

  /// A transfer that has begun and will count as silent at `due`, unless it is connected or has ended by then.
  struct Begun {
    Moment due;
    Transfer* transfer;
    std::uint64_t id;
    [[nodiscard]] bool is_waiting() const { return transfer->id() == id && !transfer->is_connected(); }
  };

  Store& store_;
  TransferLimits limits_;
  Mailbox<Silence>& silences_;
  Mailbox<Fetched>& done_;
  Pulse pulse_;
  DecoderBudget decoders_;
  ConnectionMeter connections_;  ///< before multi_, which closes sockets as it goes
  SharedCaches shared_;          ///< the same
  DnsLifetime dns_;
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::vector<Transfer*> idle_;
  ReconnectQueue reconnecting_;
  Moment next_look_;            ///< at connections
  std::deque<Begun> begun_;     ///< in the order in which they began
  std::vector<Begun> silent_;   ///< of which the owner knows
  std::vector<Silence> news_;   ///< not told yet
  std::vector<Fetched> ended_;  ///< not told yet
  std::exception_ptr thrown_;   ///< behind has_ended_
  std::atomic<bool> has_ended_ = false;
  std::mutex mutex_;
  std::vector<Order> orders_;  ///< handed in, not begun; behind mutex_
  std::jthread thread_;        ///< last: everything above is there when it starts, and still there when it ends
};

}  // namespace thumbline
