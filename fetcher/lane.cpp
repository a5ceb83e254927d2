#include "fetcher/lane.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "common/base/clock.h"

namespace thumbline {
namespace {

constexpr int poll_ms = 10'000;  // libcurl shortens it to its own next deadline; a wakeup ends it at once
// Looking up the name and connecting take a round trip each, and few are longer than 250 ms.
constexpr std::chrono::milliseconds usual_patience{250};

// How often the bytes of connections are counted, and of which: nearly all transfers are over sooner.
constexpr std::chrono::milliseconds between_looks{100};
constexpr std::chrono::milliseconds long_transfer{250};

/// A multi handle that does not do what it is told has no transfers to rely on.
void expect(CURLMcode code, const char* doing) {
  if (code != CURLM_OK) throw std::runtime_error(std::string("libcurl: ") + doing + ": " + curl_multi_strerror(code));
}

}  // namespace

Lane::Lane(Store& store, const TransferLimits& limits, std::size_t connections, Mailbox<Silence>& silences,
           Mailbox<Fetched>& done)
    : store_(store), limits_(limits), silences_(silences), done_(done), multi_(curl_multi_init(), curl_multi_cleanup) {
  if (!multi_) throw std::bad_alloc();
  expect(curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(connections)), "set an option");
  expect(curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX)), "set an option");
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Lane::~Lane() {
  ask_to_end();
  thread_.join();
}

void Lane::ask_to_end() {
  thread_.request_stop();
  curl_multi_wakeup(multi_.get());  // where that fails, poll() ends by itself
}

void Lane::rethrow() const {
  if (has_ended() && thrown_) std::rethrow_exception(thrown_);
}

void Lane::fetch(std::vector<Order>& orders) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = orders_.empty();
    orders_.insert(orders_.end(), std::make_move_iterator(orders.begin()), std::make_move_iterator(orders.end()));
  }
  orders.clear();
  if (was_empty) expect(curl_multi_wakeup(multi_.get()), "wake a thread");
}

void Lane::run(const std::stop_token& stop) {
  try {
    pulse_.begin();
    work(stop);
  } catch (...) {
    thrown_ = std::current_exception();
  }
  has_ended_.store(true, std::memory_order_release);
  done_.wake();
}

void Lane::work(const std::stop_token& stop) {
  std::vector<Order> fresh;
  while (!stop.stop_requested()) {
    pulse_.next_turn();
    pulse_.now_doing(Doing::transfers);
    {
      const std::lock_guard lock(mutex_);
      fresh.swap(orders_);
    }
    for (Order& order : fresh) start(std::move(order));
    fresh.clear();
    perform();
    pulse_.now_doing(Doing::waiting);
    expect(curl_multi_poll(multi_.get(), nullptr, 0, longest_poll_ms(), nullptr), "wait for sockets");
  }
  pulse_.now_doing(Doing::transfers);
  for (const auto& transfer : transfers_) curl_multi_remove_handle(multi_.get(), transfer->handle());
  transfers_.clear();
}

void Lane::perform() {
  int running = 0;
  expect(curl_multi_perform(multi_.get(), &running), "go on with the transfers");
  const Moment at = now();
  tell_silences(at);
  look_at_connections(at);
  collect_ended();
}

/// At those of transfers that take longer than most.
void Lane::look_at_connections(Moment at) {
  if (at < next_look_) return;
  next_look_ = at + between_looks;
  for (const auto& transfer : transfers_) {
    if (transfer->id() != 0 && transfer->is_connected() && at - transfer->started() >= long_transfer)
      transfer->look_at_connection();
  }
}

void Lane::start(Order order) {
  if (idle_.empty()) {
    transfers_.push_back(
        std::make_unique<Transfer>(store_, limits_, LaneParts{shared_, dns_, connections_, decoders_, pulse_}));
    idle_.push_back(transfers_.back().get());
  }
  Transfer* transfer = idle_.back();
  idle_.pop_back();
  const Moment at = now();
  begun_.push_back({at + usual_patience, transfer, order.id});
  pulse_.now_at(order.id);
  transfer->begin(std::move(order), at);
  expect(curl_multi_add_handle(multi_.get(), transfer->handle()), "begin a transfer");
}

void Lane::tell_silences(Moment at) {
  while (!begun_.empty() && (begun_.front().due <= at || !begun_.front().is_waiting())) {
    if (begun_.front().is_waiting()) {
      silent_.push_back(begun_.front());
      news_.push_back({begun_.front().id, true});
    }
    begun_.pop_front();
  }
  std::erase_if(silent_, [this](const Begun& begun) {
    if (begun.is_waiting()) return false;
    if (begun.transfer->id() == begun.id) news_.push_back({begun.id, false});
    return true;
  });
  if (!news_.empty()) silences_.put(news_);
}

int Lane::longest_poll_ms() const {
  if (begun_.empty()) return poll_ms;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(begun_.front().due - now());
  return std::clamp(static_cast<int>(left.count()), 0, poll_ms);
}

void Lane::collect_ended() {
  int left = 0;
  std::vector<Transfer*> again;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Transfer& transfer = Transfer::of(message->easy_handle);
    const CURLcode code = message->data.result;  // the message does not outlive the next line
    expect(curl_multi_remove_handle(multi_.get(), transfer.handle()), "end a transfer");
    pulse_.now_at(transfer.id());
    if (auto fetched = transfer.finish(code, now())) {
      ended_.push_back(std::move(*fetched));
      idle_.push_back(&transfer);
    } else {
      again.push_back(&transfer);
    }
  }
  go_on(reconnecting_.release());
  go_on(reconnecting_.admit(again));
  if (!ended_.empty()) done_.put(ended_);
}

void Lane::go_on(const std::vector<Transfer*>& transfers) {
  for (const Transfer* transfer : transfers) {
    expect(curl_multi_add_handle(multi_.get(), transfer->handle()), "go on with a transfer");
  }
}

}  // namespace thumbline
