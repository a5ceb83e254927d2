#pragma once
#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "fetcher/mailbox.h"
#include "fetcher/transfer.h"

namespace thumbline {

/// A thread with one libcurl multi handle: fetches up to so many links at once, keeps the connections to their hosts, and puts
/// what has ended into the mailbox. Ends when it is destroyed; what is still running is dropped then, its partial files too.
class Lane {
 public:
  /// `store` and `done` must outlive the lane.
  Lane(Store& store, const TransferLimits& limits, int transfers, Mailbox<Fetched>& done);
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// The owner gives no more than `transfers` at once. From any thread.
  void fetch(std::vector<Order>& orders);

 private:
  void run(const std::stop_token& stop);
  void start(Order order);
  void collect_ended();

  Store& store_;
  TransferLimits limits_;
  Mailbox<Fetched>& done_;
  std::unique_ptr<CURLSH, decltype(&curl_share_cleanup)> shared_;
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::vector<Transfer*> idle_;
  std::vector<Fetched> ended_;
  std::mutex mutex_;
  std::vector<Order> orders_;  ///< handed in, not begun; behind mutex_
  std::jthread thread_;        ///< last: everything above is there when it starts, and still there when it ends
};

}  // namespace thumbline
