#include "producer/producer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "common/base/crash_point.h"
#include "common/base/store_id.h"
#include "common/net/message.h"
#include "common/net/run_key.h"
#include "common/net/uninterrupted.h"
#include "common/net/workplace.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

constexpr auto between_hellos = 500ms;  // one may die with the collector that had it
constexpr auto between_reports = 200ms;
constexpr auto between_reminders = 3s;
constexpr auto between_questions = 3s;
constexpr auto longest_wait = 1000ms;
constexpr auto between_looks = 1ms;  // at the source: one that gives link by link would wake this thread for each
// A worker tries to connect every two seconds (Network), and says that it is there within half a second after that (Head).
constexpr auto longest_return = 3s;

/// What workers are told that know nothing but the door.
wire::Places places_of(const ProducerOptions& options, Publisher& publisher) {
  const Result<std::string> store = make_store_id(options.folder, fresh_store_id());
  if (!store) throw Stop(ExitCode::cannot_go_on, store.error().detail);
  wire::Places places;
  places.set_results(Network::port_of(options.results));
  places.set_thumbnails(!options.fetch_only);
  places.set_store(*store);
  places.set_folder(options.folder);
  places.set_local(options.local_stores);
  places.set_allow_private(options.allow_private);
  *places.mutable_requests() = to_wire(options.requests);
  if (options.resize_only()) {
    wire::Source& source = *places.add_sources();
    source.set_port(Network::port_of(publisher.endpoint()));
    source.set_store(*store);
    source.set_is_coordinator(true);
  } else {
    places.set_links(Network::port_of(publisher.endpoint()));
  }
  return places;
}

/// What a worker says of a host.
Failure refusal(const wire::Failure& said) {
  Failure failure(Reason::parse(said.reason()).value_or(Reason::rate_limited), said.detail());
  failure.retry_after = std::chrono::milliseconds(said.retry_after_ms());
  failure.asked_by = said.asked_by();
  return failure;
}

}  // namespace

Producer::Producer(const ProducerOptions& options)
    : options_(options),
      network_(RunKey::load_coordinator(options.program.key_file)),
      results_(network_.connect(zmq::socket_type::push, options.results, Flow::closing_at_once())),
      receipts_(network_.connect(zmq::socket_type::pull, options.receipts, Flow{})),
      publisher_(network_, options),
      book_(options.rules),
      source_(open_source(options.source)),
      random_(std::random_device{}()),
      session_(random_()) {
  if (options.door.empty()) return;
  door_.emplace(network_, options.door, places_of(options, publisher_), session_);
  all_are_back_ = now() + longest_return;
}

ExitCode Producer::run() {
  announce(options_.program, publisher_.name(), publisher_.endpoint());
  if (door_) announce(options_.program, "door", door_->endpoint());
  while (!farewell_ && !stopped_) {
    take_receipts();
    book_.tick(now());
    if (door_) open_door();
    if (introduce()) {
      take_links();
      if (book_.size() > 1) call_for_workers();
      ask_for_retries();
      publish();
      report();
    }
    wait();
  }
  const bool complete = farewell_ || is_settled();
  if (door_ && farewell_) door_->say_farewell();
  spdlog::info(complete ? "every link has its outcome" : "stopped; the same command continues the run");
  return ExitCode::ok;
}

/// To workers; the launcher tells people of who came and went.
void Producer::open_door() {
  door_->answer(now());
  for (const Roster::Change& change : door_->changes()) {
    spdlog::info("{} has {}", change.host, change.joined ? "joined" : "left");
    announce(options_.program, change.joined ? "joined" : "left", change.host);
  }
}

/// The collector must have accepted the settings and told what it has before the first link goes out.
bool Producer::introduce() {
  if (accepted_) return true;
  if (now() < next_hello_) return false;
  wire::ToCollector message;
  message.mutable_hello()->set_settings(options_.settings());
  message.mutable_hello()->set_session(session_);
  send(results_, message);
  next_hello_ = now() + between_hellos;
  return false;
}

void Producer::take_receipts() {
  wire::ToProducer answer;
  for (Received received = receive(receipts_, answer); received != Received::nothing; received = receive(receipts_, answer)) {
    if (received == Received::message) take_answer(answer);
  }
}

void Producer::take_answer(const wire::ToProducer& answer) {
  std::uniform_real_distribution<double> unit(0, 1);
  for (const wire::Receipt& receipt : answer.receipts()) {
    crash_point(CrashPoint::producer_has_receipt);
    if (receipt.has_refusal()) {
      book_.refused({receipt.id(), receipt.attempt(), refusal(receipt.refusal()), receipt.settled()}, unit(random_), now());
    } else if (receipt.settled()) {
      book_.settled(receipt.id(), now());
    } else if (receipt.handed_back()) {
      book_.handed_back(receipt.id(), receipt.attempt(), now());
    } else {
      book_.try_again({receipt.id(), receipt.attempt(), std::chrono::milliseconds(receipt.retry_after_ms())}, unit(random_),
                      now());
    }
  }
  for (const std::uint64_t id : answer.retries()) {
    auto retry = retries_.extract(id);
    if (!retry.empty()) book_.add(std::move(retry.mapped().link), std::move(retry.mapped().failure));
  }
  if (answer.farewell()) {
    crash_point(CrashPoint::producer_has_farewell);
    farewell_ = true;
  }
  if (answer.session() != session_ || accepted_) return;
  if (!answer.refused().empty()) throw Stop(ExitCode::bad_usage, answer.refused());
  if (answer.settled_size() > 0 || answer.failed_size() > 0)
    next_hello_ = now() + between_hellos;  // it is telling; it need not be asked again
  for (const std::uint64_t id : answer.settled()) {
    if (known_.settle(id)) plan_.set_links(plan_.links() + 1);
  }
  for (const std::uint64_t id : answer.failed()) failed_.settle(id);
  if (!answer.settled_complete()) return;
  read_before_ = answer.read_before();
  store_is_sound_ = !answer.rebooted();
  accepted_ = true;
  plan_.set_run(answer.run());
  publisher_.give_tokens(LinkTokens(network_.key(), answer.run()));
  may_resume_ = known_.size() > 0;
  spdlog::info("the ledger has {} outcomes already", known_.size());
  announce(options_.program, "ready", "-");
}

void Producer::take_links() {
  while (!plan_.complete() && has_room()) {
    SourceThread::Batch batch = source_.take();
    next_look_ = now() + between_looks;
    plan_.set_read(plan_.read() + batch.found.size());
    for (Found& found : batch.found) {
      switch (known_.see(found.link.id)) {
        case LinkSet::Seen::first:
          plan_.set_links(plan_.links() + 1);
          book_.add(std::move(found.link), std::move(found.failure));
          crash_point(CrashPoint::producer_has_read);
          break;
        case LinkSet::Seen::repeated: plan_.set_repeats(plan_.repeats() + 1); break;
        case LinkSet::Seen::settled:
          if (!failed_.has(found.link.id)) break;
          to_ask_.push_back(found.link.id);
          retries_.emplace(found.link.id, std::move(found));
          break;
      }
    }
    plan_changed_ = plan_changed_ || !batch.found.empty() || batch.ended;
    if (batch.ended) {
      check_length();
      plan_.set_complete(true);
      plan_.set_remark(batch.remark);
      book_.no_more_links();
    }
    if (batch.found.empty()) break;
  }
}

/// The launcher starts one worker of each kind by itself; the others where there is more than one link, or the one came back.
void Producer::call_for_workers() {
  if (!std::exchange(called_for_workers_, true)) announce(options_.program, "more", "-");
}

void Producer::publish() {
  blocked_ = false;
  while (const auto work = book_.next(now())) {
    if (work->again) call_for_workers();
    const bool sent = work->verdict != nullptr ? publish_verdict(*work)
                                               : publisher_.publish(*work, store_is_sound_ && (work->again || may_resume_),
                                                                    book_.size() - book_.leased());
    blocked_ = !sent;
    if (blocked_) break;
    crash_point(work->verdict != nullptr ? CrashPoint::producer_has_judged : CrashPoint::producer_has_published);
    book_.published(now());
  }
  if (!publisher_.flush()) blocked_ = true;
}

bool Producer::publish_verdict(const LeaseBook::Publication& work) {
  wire::ToCollector message;
  wire::Outcome& outcome = *message.add_outcomes();
  outcome.set_id(work.link->id);
  outcome.set_url(work.link->url);
  outcome.set_name(work.link->name);
  outcome.set_attempt(work.attempt);
  outcome.set_last_attempt(true);
  outcome.set_tries(work.tries);
  outcome.mutable_failure()->set_reason(work.verdict->reason.text());
  outcome.mutable_failure()->set_detail(work.verdict->detail);
  return send(results_, message);
}

/// The collector removes what is left of broken pictures before they are fetched anew; its answer may get lost with it.
void Producer::ask_for_retries() {
  if (to_ask_.empty() && !retries_.empty() && now() >= next_question_) {
    for (const auto& [id, found] : retries_) to_ask_.push_back(id);
  }
  if (to_ask_.empty()) return;
  wire::ToCollector message;
  message.mutable_retries()->Add(to_ask_.begin(), to_ask_.end());
  if (!send(results_, message)) return;
  to_ask_.clear();
  next_question_ = now() + between_questions;
}

/// A list that got shorter while this run was going on: its end would be taken for the end of the run.
void Producer::check_length() const {
  if (options_.source.links.empty() || plan_.read() >= read_before_) return;
  throw Stop(ExitCode::cannot_go_on, options_.source.links + " has got shorter while the run was at work: there were " +
                                         std::to_string(read_before_) + " links at least, now there are " +
                                         std::to_string(plan_.read()) + "; put it back and run the same command again");
}

void Producer::report() {
  // Or else a worker that knew an earlier process alone would never hear of the end.
  const bool over = is_settled() && now() >= all_are_back_;
  if (over && !over_) next_report_ = Moment{};  // the end is said at once
  over_ = over;
  // Now and then also unchanged, for a collector that was started again.
  const bool due = plan_changed_ || over || now() >= next_report_ + between_reminders;
  if (!due || now() < next_report_) return;
  wire::ToCollector message;
  *message.mutable_plan() = plan_;
  message.set_over(over);
  if (send(results_, message)) plan_changed_ = false;
  next_report_ = now() + between_reports;
}

void Producer::wait() {
  Moment until = now() + longest_wait;
  until = std::min(until, book_.wake());
  if (!accepted_) until = std::min(until, next_hello_);
  if (!retries_.empty()) until = std::min(until, next_question_);
  if (is_settled()) until = std::min(until, over_ ? next_report_ : all_are_back_);
  if (plan_changed_) until = std::min(until, std::max(next_report_, now()));
  std::vector<zmq::pollitem_t> items{{receipts_.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, signals_.fd(), ZMQ_POLLIN, 0}};
  if (door_) items.push_back({door_->handle(), 0, ZMQ_POLLIN, 0});
  const bool wants_links = accepted_ && !plan_.complete() && has_room();
  if (wants_links && now() < next_look_) {
    until = std::min(until, next_look_);
  } else if (wants_links) {
    items.push_back({nullptr, source_.fd(), ZMQ_POLLIN, 0});
  }
  if (blocked_) items.push_back(publisher_.poll_item());
  // A millisecond more than asked: poll() counts whole ones, and waking too early would mean to turn without need.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(std::max<Moment::duration>(until - now(), 0ms));
  wait_for(items, left);
  if ((items[1].revents & ZMQ_POLLIN) != 0) stopped_ = signals_.take();
  if (blocked_ && items.back().revents != 0) publisher_.notice_room();
}

}  // namespace thumbline
