#include "fetcher/fetcher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>

#include "common/base/clock.h"
#include "common/base/crash_point.h"
#include "common/base/printable.h"
#include "common/net/link_token.h"
#include "common/net/message.h"
#include "common/net/uninterrupted.h"
#include "fetcher/open_files.h"
#include "fetcher/request_url.h"
#include "fetcher/verdict.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

// Links of busy and dead hosts wait beside the slots, so that others get through; no more than this for each slot.
constexpr std::size_t waiting_per_slot = 16;
// So many pictures may wait for a resizer. Downloading further ahead would help nobody, would let leases run out in that queue,
// and all of it has to be done again where this process stalls.
constexpr std::size_t most_ahead = 16;
// What a killed process left behind is removed when it has not been written to for this long; no transfer rests so long.
constexpr std::chrono::hours oldest_partial{1};

// For each slot but the first (who asks for one transfer at a time shall have that), so many links may wait for hosts that do
// not take up the connection; no more than there may be in all.
constexpr std::size_t silent_per_slot = 16;
constexpr std::size_t most_silent = 1024;

// For finishing what is in hand; a transfer may be slow, and whoever waits for this process to end wants to see it.
constexpr auto longest_drain = 20s;
constexpr auto between_watches = 1s;
// A socket that is read while it is still connected never runs dry.
constexpr int most_left_behind = 256;

HostLimits host_limits(const FetcherOptions& options, std::size_t slots) {
  const auto per_host = static_cast<std::size_t>(options.per_host);
  return {.slots = slots,
          .per_host = per_host == 0 ? slots : std::min(per_host, slots),
          .silent = std::min({(slots - 1) * silent_per_slot, most_silent, open_files_to_spare(options)})};
}

std::string_view words_for(Doing doing) {
  return doing == Doing::files ? "with the files of the store" : "in libcurl";
}

}  // namespace

Fetcher::Fetcher(const FetcherOptions& options, Network& network, Head* head)
    : options_(options),
      slots_(static_cast<std::size_t>(options.threads) * static_cast<std::size_t>(options.transfers)),
      worker_(worker_name(options.program)),
      head_(head),
      store_(options.store),
      results_(network.connect(zmq::socket_type::push, options.results, Flow{})),
      limiter_(host_limits(options, slots_)),
      lane_chooser_({.lanes = static_cast<std::size_t>(options.threads),
                     .transfers = static_cast<std::size_t>(options.transfers),
                     .hosts = connections_kept(options)}),
      orders_(static_cast<std::size_t>(options.threads)) {
  for (const std::string& endpoint : options.links) {
    links_.push_back(network.connect(zmq::socket_type::pull, endpoint, Flow::tight()));
  }
  if (!options.paths.empty()) dispatcher_.emplace(network, options.paths);
  if (head_ != nullptr && dispatcher_) head_->introduce(store_.id(), dispatcher_->endpoint());
  if (head_ != nullptr) outcomes_.belong_to(head_->places().store());
  store_.set_exclusive(options.exclusive);
  store_.aside().sweep(oldest_partial);
  for (int i = 0; i < options.threads; ++i) {
    watchdogs_.emplace_back(options.watchdog);
    lanes_.push_back(std::make_unique<Lane>(store_, options.limits, connections_kept(options), silences_, mailbox_));
  }
}

void Fetcher::run(StopSignals& signals) {
  bool over = false;
  while (!over && !trouble_.is_hopeless() && !signals.take()) {
    work();
    take_links();
    hand_to_lanes();
    send_waiting();
    if (head_ != nullptr) {
      head_->attend(now());
      over = head_->places().over();
    }
    wait(signals, head_ != nullptr ? head_->due() : Moment::max());
  }
  if (!over) drain(signals);
  links_.clear();
  end_lanes();
  for (const auto& [id, rest] : in_hand_) hand_back(rest.link);
  outcomes_.flush(results_);
  store_.aside().remove_if_empty();
  log_totals();
  if (trouble_.is_hopeless()) throw Stop(ExitCode::bad_usage, trouble_.text());
}

/// With what has been fetched.
void Fetcher::work() {
  watch_lanes(now());
  take_fetched();
  if (dispatcher_) {
    dispatcher_->take_credit();
    offer_waiting();
  }
  send_waiting();
}

/// What has been gathered for resizers and for the collector.
void Fetcher::send_waiting() {
  if (dispatcher_ && dispatcher_->flush() > 0) crash_point(CrashPoint::fetcher_has_offered);
  outcomes_.flush(results_);
}

void Fetcher::drain(StopSignals& signals) {
  store_.set_exclusive(false);  // whoever asked it to leave may have another one at work
  hand_back_untouched();
  links_.clear();
  const Moment until = now() + longest_drain;
  for (work(); !in_hand_.empty() && !signals.at_once() && now() < until; work()) {
    wait(signals, until);
    signals.take();
  }
}

/// Links that no transfer was begun for, and those that wait to be taken.
void Fetcher::hand_back_untouched() {
  std::erase_if(in_hand_, [this](const auto& entry) {
    const auto& [id, held] = entry;
    if (lane_chooser_.lane_of(id) || held.ended != Moment{}) return false;
    hand_back(held.link);
    return true;
  });
  for (zmq::socket_t& links : links_) {
    wire::Link message;
    for (int i = 0; i < most_left_behind && receive(links, message) == Received::message; ++i) {
      for (const wire::Link& link : take_apart(message)) hand_back(link);
    }
  }
}

/// A thread that hangs cannot be ended by itself: the process ends, and the leases of its links bring them back.
void Fetcher::watch_lanes(Moment at) {
  for (const auto& lane : lanes_) {
    try {
      lane->rethrow();
    } catch (const std::exception& error) {
      throw Stop(ExitCode::cannot_go_on, "a download thread failed, at work on " + at_work_on(*lane) + ": " + error.what());
    }
  }
  if (at < next_watch_) return;
  next_watch_ = at + between_watches;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const std::optional<Sign> sign = lanes_[i]->pulse().sign();
    if (!sign || !watchdogs_[i].hangs(*sign, at)) continue;
    end_at_once(ExitCode::cannot_go_on, std::string("a download thread hangs ").append(words_for(sign->doing)) +
                                            ", at work on " + at_work_on(*lanes_[i]) +
                                            ": this process ends, and its links are given out again");
  }
}

std::string Fetcher::at_work_on(const Lane& lane) const {
  const auto held = in_hand_.find(lane.pulse().link());
  return held == in_hand_.end() ? "no link in hand" : printable(held->second.link.url());
}

void Fetcher::end_lanes() {
  for (const auto& lane : lanes_) lane->ask_to_end();
  const auto has_ended = [](const auto& lane) { return lane->has_ended(); };
  for (take_fetched(); !std::ranges::all_of(lanes_, has_ended); take_fetched()) {
    std::vector<zmq::pollitem_t> items{{nullptr, mailbox_.fd(), ZMQ_POLLIN, 0}};
    wait_for(items, between_watches);
    watch_lanes(now());
  }
  lanes_.clear();
  take_fetched();
}

void Fetcher::hand_back(const wire::Link& link) {
  wire::Outcome outcome;
  name_same_attempt(link, outcome);
  outcome.set_handed_back(true);
  outcome.mutable_failure()->set_transient(true);
  outcomes_.add(std::move(outcome));
}

void Fetcher::wait(StopSignals& signals, Moment until) {
  std::vector<zmq::pollitem_t> items{{nullptr, signals.fd(), ZMQ_POLLIN, 0},
                                     {nullptr, mailbox_.fd(), ZMQ_POLLIN, 0},
                                     {nullptr, silences_.fd(), ZMQ_POLLIN, 0}};
  if (dispatcher_) items.push_back({dispatcher_->handle(), 0, ZMQ_POLLIN, 0});
  if (head_ != nullptr) items.push_back({head_->handle(), 0, ZMQ_POLLIN, 0});
  if (outcomes_.is_behind()) items.push_back({results_.handle(), 0, ZMQ_POLLOUT, 0});
  if (has_room()) {
    for (zmq::socket_t& links : links_) items.push_back({links.handle(), 0, ZMQ_POLLIN, 0});
  }
  if (lane_chooser_.running() > 0) until = std::min(until, std::max(next_watch_, now()));
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now());
  wait_for(items, until == Moment::max() ? -1ms : std::max(left, 0ms));
}

bool Fetcher::has_room() const {
  // One that has just joined is not known to its resizers yet; what it took would wait with it, and so would the run's end.
  if (head_ != nullptr && dispatcher_ && !dispatcher_->has_resizers()) return false;
  const bool far_ahead = for_resizers_.size() >= most_ahead;
  return limiter_.has_slot() && limiter_.waiting() < slots_ * waiting_per_slot && !far_ahead && !outcomes_.is_behind();
}

void Fetcher::take_links() {
  choose_transfers();
  for (zmq::socket_t& links : links_) {
    wire::Link message;
    while (has_room()) {
      const Received received = receive(links, message);
      if (received == Received::nothing) break;
      if (received == Received::damaged) continue;
      message.clear_padding();
      for (wire::Link& link : take_apart(message)) take(std::move(link));
      choose_transfers();
    }
  }
}

void Fetcher::take(wire::Link link) {
  crash_point(CrashPoint::fetcher_has_link);
  const std::uint64_t id = link.id();
  if (const auto known = in_hand_.find(id); known != in_hand_.end()) {
    wire::Link& held = known->second.link;
    if (link.attempt() >= held.attempt()) {
      held.set_attempt(link.attempt());
      held.set_last_attempt(link.last_attempt());
      held.set_token(link.token());
    }
    return;
  }
  if (!Store::is_file_name(link.name())) {
    const Failure failure(Reason::bad_link, "its name in the store would be no name of a file");
    wire::Fetch nothing;
    nothing.set_worker(worker_);
    report(link, nothing, &failure);
    return;
  }
  InHand& entry = in_hand_[id];
  entry.link = std::move(link);
  if (entry.link.maybe_here() && take_from_store(entry)) {
    send_on(entry);
  } else {
    entry.host = host_and_port_of(entry.link.url());
    limiter_.add(id, entry.host);
  }
}

/// Whether an earlier attempt has left the picture there.
bool Fetcher::take_from_store(InHand& entry) {
  auto stored = store_.find(entry.link.name());
  if (!stored) return false;
  if (const auto* ours = given_.find(entry.link.id(), stored->path)) {
    entry.ended = ours->ended;
    entry.fetch = ours->fetch;
    return true;
  }
  entry.ended = now();
  entry.fetch.set_reused(true);
  entry.fetch.set_bytes(stored->bytes);
  entry.fetch.set_path(std::move(stored->path));
  return true;
}

void Fetcher::choose_transfers() {
  while (const auto id = limiter_.next()) {
    const InHand& entry = in_hand_.at(*id);
    orders_[lane_chooser_.choose(*id, entry.host)].push_back({*id, entry.link.url(), entry.link.name()});
  }
}

void Fetcher::hand_to_lanes() {
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (!orders_[lane].empty()) lanes_[lane]->fetch(orders_[lane]);
  }
}

void Fetcher::take_silences() {
  for (const Silence& silence : silences_.take()) {
    if (silence.begins) {
      limiter_.silent(silence.id);
    } else {
      limiter_.answered(silence.id);
    }
  }
}

void Fetcher::take_fetched() {
  std::vector<Fetched> ended = mailbox_.take();
  take_silences();  // in between: a lane tells of a silence before it tells of the end
  for (Fetched& fetched : ended) {
    if (fetched.failure && !fetched.connected && is_of_the_host(fetched.failure->reason)) {
      give_up(limiter_.unreachable(fetched.id), *fetched.failure);
    } else {
      limiter_.ended(fetched.id);
    }
    lane_chooser_.ended(fetched.id);
    InHand& done = in_hand_.at(fetched.id);
    done.ended = fetched.ended;
    done.fetch = std::move(fetched.fetch);
    if (fetched.failure) {
      ++failed_;
      if (head_ != nullptr) trouble_.note(*fetched.failure);
      done.fetch.set_worker(worker_);
      done.fetch.set_ended_ago_us(to_us(now() - done.ended));
      report(done.link, done.fetch, &*fetched.failure);
      in_hand_.erase(fetched.id);
    } else {
      ++fetched_;
      trouble_.note_success();
      bytes_ += done.fetch.bytes();
      send_on(done);
    }
  }
}

/// Reports for these, too, that their host cannot be reached.
void Fetcher::give_up(const std::vector<std::uint64_t>& in_vain, const Failure& failure) {
  wire::Fetch nothing;
  nothing.set_worker(worker_);
  for (const std::uint64_t id : in_vain) {
    const auto waiting = in_hand_.find(id);
    if (waiting == in_hand_.end()) continue;  // it was handed back
    ++failed_;
    report(waiting->second.link, nothing, &failure);
    in_hand_.erase(waiting);
  }
}

void Fetcher::send_on(InHand& done) {
  done.fetch.set_worker(worker_);
  const std::uint64_t id = done.link.id();
  if (!dispatcher_) {
    done.fetch.set_ended_ago_us(to_us(now() - done.ended));
    report(done.link, done.fetch, nullptr);
  } else if (!for_resizers_.empty() || !offer(done)) {
    for_resizers_.push_back(id);
    return;
  }
  in_hand_.erase(id);
}

bool Fetcher::offer(InHand& done) {
  if (!dispatcher_->has_credit()) return false;
  done.fetch.set_ended_ago_us(to_us(now() - done.ended));
  wire::Path path;
  name_same_attempt(done.link, path);
  *path.mutable_recipe() = done.link.recipe();
  path.set_source(done.fetch.path());
  *path.mutable_fetch() = done.fetch;
  if (!dispatcher_->offer(std::move(path))) return false;
  if (!done.fetch.reused()) given_.add(done.link.id(), done.fetch, done.ended);
  return true;
}

void Fetcher::offer_waiting() {
  while (!for_resizers_.empty() && offer(in_hand_.at(for_resizers_.front()))) {
    in_hand_.erase(for_resizers_.front());
    for_resizers_.pop_front();
  }
}

void Fetcher::report(const wire::Link& link, const wire::Fetch& fetch, const Failure* failure) {
  wire::Outcome outcome;
  name_same_attempt(link, outcome);
  *outcome.mutable_fetch() = fetch;
  if (failure != nullptr) {
    wire::Failure& said = *outcome.mutable_failure();
    said.set_reason(failure->reason.text());
    said.set_detail(failure->detail);
    said.set_transient(failure->transient);
    said.set_retry_after_ms(static_cast<std::uint64_t>(failure->retry_after.count()));
    said.set_asked_by(failure->asked_by);
  }
  outcomes_.add(std::move(outcome));
}

void Fetcher::log_totals() const {
  spdlog::info("stopped: {} pictures fetched, {} bytes; {} attempts failed", fetched_, bytes_, failed_);
}

}  // namespace thumbline
