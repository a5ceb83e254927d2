#include "collector/collector.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <utility>

#include "collector/units.h"
#include "common/base/crash_point.h"
#include "common/base/printable.h"
#include "common/base/program.h"
#include "common/base/reason.h"
#include "common/base/store_id.h"
#include "common/net/message.h"
#include "common/net/uninterrupted.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t batch_links = 500;  // in one transaction
constexpr auto batch_time = 50ms;         // no batch is gathered for longer
constexpr auto longest_turn = 1s;         // where no observer wants shorter ones
constexpr auto between_commits = 25ms;    // what arrives sooner than that waits for company
constexpr auto between_looks = 1ms;       // how exactly it is known when something arrived
constexpr std::int64_t ids_a_message = 8192;
constexpr int id_messages_a_round = 8;    // then outcomes have their turn again
constexpr int most_receipts_kept = 8192;  // for a producer that is away; a lease makes good what is dropped
constexpr auto patience_at_the_end = 3s;

bool has_reason(const wire::Outcome& outcome, Reason::Kind kind) {
  return outcome.has_failure() && outcome.failure().reason() == Reason(kind).text();
}

void fill(wire::Receipt& receipt, const wire::Outcome& outcome) {
  receipt.set_id(outcome.id());
  receipt.set_attempt(outcome.attempt());
  receipt.set_handed_back(outcome.handed_back());
  if (is_refusal(outcome)) {
    *receipt.mutable_refusal() = outcome.failure();
  } else {
    receipt.set_retry_after_ms(outcome.failure().retry_after_ms());
  }
}

}  // namespace

Collector::Collector(Network& network, const std::string& results, const std::string& receipts, const std::string& folder,
                     Ledger& ledger, Start start)
    : ledger_(ledger),
      start_(start),
      results_(network.bind(zmq::socket_type::pull, "results", results, Flow{})),
      receipts_(network.bind(zmq::socket_type::push, "receipts", receipts, Flow{}, Admits::coordinator)),
      thumbnails_(folder),
      folder_(folder),
      tokens_(network.key(), ledger.run()),
      wanted_(Wanted::by(ledger.settings().value_or(""))) {}

void Collector::run_until_over(std::span<RunObserver* const> observers, StopSignals& signals) {
  std::chrono::milliseconds interval = longest_turn;
  for (const RunObserver* observer : observers) interval = std::min(interval, observer->interval());
  while (!over_) {
    const bool stop = wait(signals, interval);
    take();
    if (stop || commit_is_due()) commit();  // before any receipt for it
    answer();
    stop_if_hopeless();
    if (look_) look_();
    if (stop) end_early();
    tell(observers);
  }
  for (RunObserver* observer : observers) observer->on_end();
}

/// Until there is something to do; true where a signal has come. Of outcomes that trickle in some are taken at once.
bool Collector::wait(const StopSignals& signals, std::chrono::milliseconds longest) {
  if (!batch_.empty()) longest = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(next_commit_ - now()), 0ms, longest);
  const bool to_send = receipts_to_send_.receipts_size() > 0 || receipts_to_send_.retries_size() > 0 || settled_ids_;
  std::array<zmq::pollitem_t, 3> items{
      {{nullptr, signals.fd(), ZMQ_POLLIN, 0}, {results_.handle(), 0, ZMQ_POLLIN, 0}, {receipts_.handle(), 0, ZMQ_POLLOUT, 0}}};
  wait_for(std::span(items).first(to_send ? 3 : 2), longest);
  if (items[1].revents != 0 && !commit_is_due()) wait_for(std::span(items).first(1), between_looks);
  return items[0].revents != 0;
}

/// Forty transactions a second are enough for any number of workers, until the end.
bool Collector::commit_is_due() const {
  const bool ends = over_ || !full_disk_.empty() || !unusable_folder_.empty() || !refusal_.empty();
  return ends || batch_.size() >= batch_links || now() >= next_commit_;
}

/// Takes what waits, a batch at most; false where nothing was left.
bool Collector::take() {
  const Moment begin = now();
  for (Moment time = begin; batch_.size() < batch_links && time - begin < batch_time; time = now()) {
    Role from = Role::worker;
    const Received received = receive(results_, message_, &from);
    if (received == Received::nothing) return false;
    if (received == Received::damaged || is_of_another_run(message_.run())) continue;
    const std::int64_t arrived_us = us_since_1970(start_.wall + (time - start_.moment));
    if (message_.outcomes_size() > 0) crash_point(CrashPoint::collector_has_outcomes);
    for (wire::Outcome& outcome : *message_.mutable_outcomes()) {
      if (is_credible(outcome, from)) note(outcome, arrived_us);
    }
    if (!message_.has_hello() && !message_.has_plan() && message_.retries_size() == 0 && !message_.over()) continue;
    if (from == Role::coordinator) {
      obey(message_);
    } else if (const auto times = impostors_.happened(time)) {
      spdlog::warn("dropped what a worker said in the producer's place ({} times since this was said last)", times);
    }
  }
  return true;
}

/// What the producer alone decides.
void Collector::obey(const wire::ToCollector& message) {
  if (message.has_hello()) meet(message.hello());
  if (message.has_plan()) {
    if (!message.plan().run().empty() && message.plan().run() != tokens_.run()) {
      throw Stop(ExitCode::cannot_go_on, (std::filesystem::path(folder_) / "ledger.sqlite").string() +
                                             " is not the ledger that this run has begun with; run the same command again");
    }
    plan_ = message.plan();
    ledger_.note_links_read(plan_.read());
  }
  if (message.retries_size() > 0) try_again();
  over_ = over_ || message.over();
}

/// Whether it is of a link, and an attempt, that was given out. One whose contents do not fit becomes a failure.
bool Collector::is_credible(wire::Outcome& outcome, Role from) {
  if (!names_a_link(outcome)) return false;
  if (from == Role::worker && !tokens_.fits(outcome)) {
    if (const auto times = unknown_links_.happened(now())) {
      spdlog::warn("dropped the outcome of a link that was not given out, {} ({} since this was said last)",
                   printable(outcome.url()), times);
    }
    return false;
  }
  if (const std::string found = misfit(outcome, wanted_); !found.empty()) {
    if (const auto times = misfits_.happened(now())) {
      spdlog::warn("{}: refused: {} (fetcher {}, resizer {}; {} since this was said last)", printable(outcome.url()), found,
                   printable(outcome.fetch().worker()), printable(outcome.resize().worker()), times);
    }
    refuse(outcome, found);
  }
  return true;
}

/// A worker that waited for a run which was stopped may find this one at the same port, with outcomes of the other. The
/// producer gives a folder its id before it says hello; one that has lost it later takes what comes.
bool Collector::is_of_another_run(const std::string& run) {
  if (run.empty()) return false;
  if (run_.empty()) run_ = store_id(folder_);
  if (run_.empty() ? producer_session_ != 0 : run == run_) return false;
  if (!std::exchange(has_dropped_others_, true)) spdlog::warn("dropped outcomes of another run, {}", printable(run));
  return true;
}

void Collector::note(const wire::Outcome& outcome, std::int64_t arrived_us) {
  if (has_reason(outcome, Reason::disk_full)) {
    full_disk_ = printable(outcome.failure().detail());
  } else if (has_reason(outcome, Reason::folder_unusable)) {
    unusable_folder_ = printable(outcome.failure().detail());
  } else if (is_final(outcome)) {
    if (!store_thumbnail(outcome)) return;
    batch_.push_back(link_row(outcome, arrived_us));
    fill(*batch_receipts_.add_receipts(), outcome);
    batch_receipts_.mutable_receipts()->rbegin()->set_settled(true);
  } else {
    fill(*receipts_to_send_.add_receipts(), outcome);
  }
}

/// Writes the thumbnail, where one travels with the outcome; before the ledger tells of it.
bool Collector::store_thumbnail(const wire::Outcome& outcome) {
  if (outcome.resize().thumbnail().empty()) return true;
  const Result<void> kept = thumbnails_.keep(outcome.id(), outcome.resize().path(), outcome.resize().thumbnail());
  if (kept) return true;
  if (kept.error().reason != Reason(Reason::disk_full)) throw Stop(ExitCode::cannot_go_on, kept.error().detail);
  full_disk_ = kept.error().detail;
  return false;
}

void Collector::meet(const wire::Hello& hello) {
  producer_session_ = hello.session();
  const std::optional<std::string> settings = ledger_.settings();
  if (settings && *settings != hello.settings()) {
    refusal_ = "this folder was made with other settings (then: " + *settings + "; now: " + hello.settings() + ")";
    if (*settings == "fetch") refusal_ += ", and `resize --images` makes thumbnails of what is in it";
    return;
  }
  if (!settings) ledger_.set_settings(hello.settings());
  wanted_ = Wanted::by(hello.settings());
  // A producer that is being answered asks again where that takes long; the answer goes on.
  if (settled_ids_ && settled_ids_->session == hello.session()) return;
  settled_ids_.emplace(SettledIds{hello.session(), std::nullopt, std::nullopt, {}});
  read_settled_ids();
}

void Collector::commit() {
  if (batch_.empty()) return;
  if (before_commit_) before_commit_();
  ledger_.record(batch_, static_cast<std::int64_t>(to_us(now() - start_.moment)),
                 [this](const LinkRow& row) { figures_.add(row, wanted_.local_pictures()); });
  crash_point(CrashPoint::collector_after_commit);
  receipts_to_send_.MergeFrom(batch_receipts_);
  batch_receipts_.Clear();
  next_commit_ = batch_.size() < batch_links ? now() + between_commits : Moment{};
  batch_.clear();
}

void Collector::answer() {
  if (receipts_to_send_.receipts_size() > 0 || receipts_to_send_.retries_size() > 0) {
    const bool sent = send(receipts_, receipts_to_send_);
    if (sent) crash_point(CrashPoint::collector_has_answered);
    if (sent || receipts_to_send_.receipts_size() > most_receipts_kept) receipts_to_send_.Clear();
  }
  for (int i = 0; settled_ids_ && i < id_messages_a_round; ++i) {
    if (!send(receipts_, settled_ids_->message)) break;
    if (settled_ids_->message.settled_complete()) {
      crash_point(CrashPoint::collector_has_greeted);
      settled_ids_.reset();
    } else {
      read_settled_ids();
    }
  }
}

/// Makes the next message of settled ids. What is recorded while they are on their way may be missing; receipts tell of that.
void Collector::read_settled_ids() {
  if (settled_ids_->failed_after) return read_failed_ids();
  const std::vector<std::uint64_t> ids = ledger_.ids_after(settled_ids_->after, ids_a_message);
  wire::ToProducer& message = settled_ids_->message;
  message.Clear();
  message.set_session(settled_ids_->session);
  message.mutable_settled()->Add(ids.begin(), ids.end());
  if (!ids.empty()) settled_ids_->after = ids.back();
  if (ids.size() == static_cast<std::size_t>(ids_a_message)) return;
  if (ledger_.replaces_failed()) {
    settled_ids_->failed_after = 0;
  } else {
    complete_settled_ids();
  }
}

void Collector::read_failed_ids() {
  const std::vector<std::uint64_t> ids = ledger_.failed_before(*settled_ids_->failed_after, ids_a_message);
  wire::ToProducer& message = settled_ids_->message;
  message.Clear();
  message.set_session(settled_ids_->session);
  message.mutable_failed()->Add(ids.begin(), ids.end());
  if (ids.size() < static_cast<std::size_t>(ids_a_message)) complete_settled_ids();
}

void Collector::complete_settled_ids() {
  settled_ids_->message.set_settled_complete(true);
  settled_ids_->message.set_run(tokens_.run());
  settled_ids_->message.set_read_before(ledger_.links_read());
  settled_ids_->message.set_rebooted(ledger_.has_rebooted());
}

/// The old outcomes stay until there are new ones.
void Collector::try_again() {
  for (const std::uint64_t id : message_.retries()) {
    if (const auto broken = ledger_.try_again(id); broken && broken_) broken_(*broken);
    receipts_to_send_.add_retries(id);
  }
}

void Collector::stop_if_hopeless() {
  if (!refusal_.empty()) {
    wire::ToProducer message;
    message.set_session(producer_session_);
    message.set_refused(refusal_);
    deliver(std::move(message));
    throw Stop(ExitCode::bad_usage, refusal_ + "; use those, or another --out");
  }
  if (!full_disk_.empty()) {
    throw Stop(ExitCode::cannot_go_on, "no room left: " + full_disk_ + "; make room and run the same command again");
  }
  if (!unusable_folder_.empty()) {
    throw Stop(ExitCode::cannot_go_on,
               "the folder cannot be used: " + unusable_folder_ +
                   "; images/, thumbnails/ and .partial/ in it have to be writable and in one file system: "
                   "see to that and run the same command again");
  }
}

void Collector::end_early() {
  // The other programs may have got the same signal, and have handed over what they had.
  const Moment until = now() + patience_at_the_end;
  for (bool more = true; more && now() < until;) {
    more = take();
    commit();
    answer();
  }
  const std::uint64_t settled = ledger_.counts().settled();
  const std::string all = plan_.complete() ? " of " + count_text(plan_.links()) : "";
  throw Stop(ExitCode::cannot_go_on, "interrupted at " + count_text(settled) + all + "; the same command goes on from there");
}

void Collector::say_farewell() {
  wire::ToProducer message;
  message.set_farewell(true);
  deliver(std::move(message));
}

/// Sends the last message; whoever is not there to take it within seconds will not come.
void Collector::deliver(wire::ToProducer message) {
  for (const Moment until = now() + patience_at_the_end; !send(receipts_, message) && now() < until;) {
    std::array<zmq::pollitem_t, 1> items{{{receipts_.handle(), 0, ZMQ_POLLOUT, 0}}};
    wait_for(items, 100ms);
  }
}

void Collector::tell(std::span<RunObserver* const> observers) {
  const Moment time = now();
  Progress progress;
  progress.done = ledger_.counts().done;
  progress.failed = ledger_.counts().failed - ledger_.out_again();
  progress.links = plan_.links();
  progress.all_known = plan_.complete();
  speed_.note(time, progress.done, progress.done + progress.failed);
  progress.images_per_s = speed_.done_per_s();
  progress.settled_per_s = speed_.settled_per_s();
  const bool has_remark = plan_.remark() != remark_;
  if (has_remark) remark_ = plan_.remark();
  for (RunObserver* observer : observers) {
    if (has_remark) observer->on_remark(printable(remark_));
    observer->on_progress({progress, figures_, start_.moment}, time);
  }
}

}  // namespace thumbline
