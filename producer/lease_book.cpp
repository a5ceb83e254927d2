#include "producer/lease_book.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "producer/backoff.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

constexpr int most_expiries = 20;  // then a link is lost even if nothing else got through
// A link that was in the hands of workers which died is not to blame. Where it may be chance that it was there each time, it is
// tried on; below so small a share of lost leases nobody asks for chance.
constexpr double usual_loss = 0.02;
constexpr double negligible = 1e-7;
constexpr double loss_gain = 1.0 / 256;
constexpr int most_copies = 6;  // each after twice the time of the one before
constexpr auto shortest_backup = 200ms;
constexpr auto between_backups = 50ms;

// Of a link that is refused so often while others of its host get through, it is the link that is refused. Long before, it does
// not slow its host any more.
constexpr int most_refusals = 20;
constexpr int few_refusals = 3;
constexpr std::size_t entries_a_look = 10'000;  // for the longer it takes to look at all of them, the less often

}  // namespace

void LeaseBook::add(Link link, std::optional<Failure> verdict) {
  const std::uint64_t id = link.id;
  const bool is_fetched = link.source.empty() && !verdict;
  const auto [place, is_new] = entries_.try_emplace(id, Entry{.link = std::move(link), .verdict = std::move(verdict)});
  if (!is_new) return;
  fresh_.push_back(id);
  if (!is_fetched) return;
  Entry& entry = place->second;
  if (const std::string host = host_and_port_of(entry.link.url); !host.empty()) entry.host = &hosts_.enter(host);
}

std::optional<LeaseBook::Publication> LeaseBook::next(Moment now) {
  using enum Queue;
  const std::array order = again_last_ ? std::array{hosts, fresh, again, backups} : std::array{again, hosts, fresh, backups};
  chosen_.reset();
  for (const Queue queue : order) {
    if (queue != backups && leased_ >= rules_.window) continue;
    const Entry* entry = front_of(queue, now);
    if (entry == nullptr) continue;
    chosen_ = queue;
    const std::uint32_t attempt = entry->attempt + (queue == backups ? 0 : 1);
    const std::uint32_t tries = entry->tries + (entry->verdict ? 0 : 1);
    return Publication{&entry->link,
                       attempt,
                       entry->failures + 1 >= rules_.attempts,
                       tries,
                       entry->attempt > 0,
                       entry->verdict ? &*entry->verdict : nullptr};
  }
  return std::nullopt;
}

LeaseBook::Entry* LeaseBook::front_of(Queue queue, Moment now) {
  switch (queue) {
    case Queue::again: return first_of(again_, now);
    case Queue::hosts: return first_of_hosts(now);
    case Queue::fresh: return first_of(fresh_, now);
    case Queue::backups: return first_of_backups(now);
  }
  return nullptr;
}

LeaseBook::Entry* LeaseBook::first_of(std::deque<std::uint64_t>& queue, Moment now) {
  for (; !queue.empty(); queue.pop_front()) {
    Entry* entry = find(queue.front());
    if (entry != nullptr && entry->state == State::ready && !wait_for_host(*entry, now)) return entry;
  }
  return nullptr;
}

LeaseBook::Entry* LeaseBook::first_of_hosts(Moment now) {
  while (const auto id = hosts_.next(now)) {
    Entry* entry = find(*id);
    if (entry != nullptr && entry->state == State::waiting) return entry;
    hosts_.take();
  }
  return nullptr;
}

LeaseBook::Entry* LeaseBook::first_of_backups(Moment now) {
  for (; !backups_.empty(); backups_.pop_front()) {
    Entry* entry = find(backups_.front());
    if (entry == nullptr || entry->state != State::leased) continue;
    if (entry->host == nullptr || entry->verdict || entry->host->pace.next(now) <= now) return entry;
  }
  return nullptr;
}

/// Whether it has to.
bool LeaseBook::wait_for_host(Entry& entry, Moment now) {
  if (entry.host == nullptr || entry.verdict || HostQueues::may_go(*entry.host, now)) return false;
  entry.state = State::waiting;
  hosts_.wait(*entry.host, entry.link.id, now);
  return true;
}

void LeaseBook::published(Moment now) {
  const Queue queue = *chosen_;
  const std::uint64_t id = queue == Queue::hosts ? *hosts_.next(now) : queue_of(queue).front();
  Entry& entry = entries_.at(id);
  if (queue == Queue::hosts) {
    hosts_.take();
  } else {
    queue_of(queue).pop_front();
  }
  again_last_ = queue == Queue::again;
  const bool is_asked = entry.host != nullptr && !entry.verdict;
  if (queue == Queue::backups) {
    ++entry.copies;
    if (is_asked) entry.host->pace.published_copy(now);
    return;
  }
  entry.state = State::leased;
  ++leased_;
  ++entry.attempt;
  entry.copies = 0;
  entry.sent = now;
  set_timer(entry, now + lease_for(entry));
  if (!is_asked) return;
  entry.number = entry.host->pace.published(now);
  hosts_.changed(*entry.host, now);
}

void LeaseBook::settled(std::uint64_t id, Moment now) {
  last_receipt_ = now;
  Entry* entry = find(id);
  if (entry == nullptr) return;
  if (entry->state == State::leased) {
    if (entry->attempt == 1 && entry->copies == 0 && !entry->verdict) round_trip_.add(now - entry->sent, leased_);
    note_first_lease(*entry, false);
    --leased_;
    if (entry->host != nullptr && !entry->verdict) {
      entry->host->pace.answered(entry->number, now);
      hosts_.changed(*entry->host, now);
    }
  }
  if (entry->state == State::delayed) --delayed_;
  forget(*entry);
}

void LeaseBook::forget(Entry& entry) {
  if (entry.host != nullptr) hosts_.leave(*entry.host);
  entries_.erase(entry.link.id);
}

/// Null for late news of an earlier attempt: the newer one is out and will be heard of.
LeaseBook::Entry* LeaseBook::find_leased(std::uint64_t id, std::uint32_t attempt) {
  Entry* entry = find(id);
  const bool is_current = entry != nullptr && entry->state == State::leased && entry->attempt == attempt && !entry->verdict;
  return is_current ? entry : nullptr;
}

void LeaseBook::try_again(const TryAgain& answer, double random, Moment now) {
  last_receipt_ = now;
  Entry* entry = find_leased(answer.id, answer.attempt);
  if (entry == nullptr) return;
  note_first_lease(*entry, false);
  --leased_;
  ++entry->failures;
  ++entry->tries;
  delay(*entry, now + backoff(entry->failures, answer.retry_after, random));
  if (entry->host == nullptr) return;
  entry->host->pace.failed(entry->number, now);
  hosts_.changed(*entry->host, now);
}

void LeaseBook::refused(const Refused& answer, double random, Moment now) {
  last_receipt_ = now;
  Entry* entry = find_leased(answer.id, answer.attempt);
  if (entry == nullptr || entry->host == nullptr) {
    return answer.settled ? settled(answer.id, now)
                          : try_again({answer.id, answer.attempt, answer.failure.retry_after}, random, now);
  }
  note_first_lease(*entry, false);
  --leased_;
  ++entry->tries;
  Host& host = blame(*entry, answer, random, now);
  if (answer.settled) {
    forget(*entry);
  } else if (entry->failures >= rules_.attempts || entry->refusals >= most_refusals) {
    give_up(*entry, answer.failure);
  } else {
    entry->state = State::waiting;
    hosts_.wait(host, entry->link.id, now);
  }
  if (host.pace.is_hopeless(rules_.attempts, now)) give_up_host(host, now);
  hosts_.changed(host, now);
}

/// The host that has refused it; the link waits for that from now on.
Host& LeaseBook::blame(Entry& entry, const Refused& answer, double random, Moment now) {
  const std::string& name = answer.failure.asked_by;
  const bool elsewhere = !name.empty() && name != entry.host->name();
  if (elsewhere) {
    entry.host->pace.answered(entry.number, now);
    hosts_.changed(*entry.host, now);
    hosts_.leave(*std::exchange(entry.host, &hosts_.enter(name)));
  }
  Host& host = *entry.host;
  // A pause that is longer than a run waits ends this link. Its others need not wait as long: they may be told something else.
  const auto pause = answer.settled ? std::chrono::milliseconds(0) : answer.failure.retry_after;
  const bool others_get_through = host.pace.answers() != std::exchange(entry.answers, host.pace.answers());
  if (elsewhere) {
    host.pace.refused_elsewhere(pause, random, now);
  } else {
    const bool counts = entry.refusals < few_refusals || !others_get_through;
    host.pace.refused({{entry.number, entry.sent}, pause, counts}, random, now);
  }
  host.refusal = answer.failure;
  entry.refusal = std::make_unique<Failure>(answer.failure);
  if (host.pace.refuses_all()) {
    ++entry.failures;
  } else if (others_get_through) {
    ++entry.refusals;
  }
  return host;
}

/// It ends as failed.
void LeaseBook::give_up(Entry& entry, const Failure& failure) {
  entry.verdict.emplace(failure);
  make_ready(entry);
}

/// All that wait for it end: those that have asked as they were answered, the others as the last one that has.
void LeaseBook::give_up_host(Host& host, Moment now) {
  for (const std::uint64_t id : hosts_.take_waiting(host)) {
    Entry* entry = find(id);
    if (entry != nullptr && entry->state == State::waiting) give_up(*entry, entry->refusal ? *entry->refusal : *host.refusal);
  }
  host.pace.given_up(now);
}

void LeaseBook::handed_back(std::uint64_t id, std::uint32_t attempt, Moment now) {
  Entry* entry = find_leased(id, attempt);
  if (entry == nullptr) return;
  --leased_;
  drop(*entry, now);
  make_ready(*entry);
}

/// Nothing will be heard of its request.
void LeaseBook::drop(const Entry& entry, Moment now) {
  if (entry.host == nullptr || entry.verdict) return;
  entry.host->pace.dropped(entry.number);
  hosts_.changed(*entry.host, now);
}

void LeaseBook::tick(Moment now) {
  while (!timers_.empty() && timers_.top().due <= now) {
    const Timer timer = timers_.top();
    timers_.pop();
    Entry* entry = find(timer.id);
    if (entry == nullptr || entry->serial != timer.serial) continue;
    if (entry->state == State::leased) {
      expire(*entry, now);
    } else if (entry->state == State::delayed) {
      --delayed_;
      make_ready(*entry);
    }
  }
  if (draining_ && fresh_.empty() && now >= next_backups_) make_backups(now);
}

Moment LeaseBook::wake() {
  const auto is_void = [this](const Timer& timer) {
    const Entry* entry = find(timer.id);
    return entry == nullptr || entry->serial != timer.serial;
  };
  while (!timers_.empty() && is_void(timers_.top())) timers_.pop();
  Moment wake = timers_.empty() ? Moment::max() : timers_.top().due;
  if (draining_ && fresh_.empty() && leased_ > 0) wake = std::min(wake, next_backups_);
  if (leased_ < rules_.window) wake = std::min(wake, hosts_.wake());
  return wake;
}

LeaseBook::Entry* LeaseBook::find(std::uint64_t id) {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

void LeaseBook::set_timer(Entry& entry, Moment due) {
  timers_.push({due, entry.link.id, ++entry.serial});
}

void LeaseBook::delay(Entry& entry, Moment until) {
  entry.state = State::delayed;
  ++delayed_;
  set_timer(entry, until);
}

void LeaseBook::make_ready(Entry& entry) {
  entry.state = State::ready;
  ++entry.serial;
  again_.push_back(entry.link.id);
}

void LeaseBook::expire(Entry& entry, Moment now) {
  --leased_;
  drop(entry, now);
  if (!entry.verdict) {
    // While nothing at all comes back (no worker runs, the collector is being started again), a late link says nothing.
    const bool silent = last_receipt_ <= entry.sent;
    if (!silent) note_first_lease(entry, true);
    if (!silent) ++entry.tries;
    ++(silent ? entry.silent_expiries : entry.expiries);
    if (is_lost(entry.expiries, entry.silent_expiries)) {
      entry.verdict.emplace(Reason::lost, "published " + std::to_string(entry.attempt) + " times, and no answer ever came");
    }
  }
  make_ready(entry);
}

/// Of a link that is lost again and again the first time counts alone: the share says how the others fare.
void LeaseBook::note_first_lease(const Entry& entry, bool lost) {
  if (entry.expiries == 0 && !entry.verdict) loss_ += ((lost ? 1.0 : 0.0) - loss_) * loss_gain;
}

bool LeaseBook::is_lost(int expiries, int silent_expiries) const {
  if (silent_expiries >= most_expiries || expiries >= std::max(most_expiries, rules_.attempts)) return true;
  return expiries >= rules_.attempts && (loss_ <= usual_loss || std::pow(loss_, expiries) < negligible);
}

void LeaseBook::make_backups(Moment now) {
  next_backups_ = now + between_backups * (1 + entries_.size() / entries_a_look);
  backups_.clear();
  for (const auto& [id, entry] : entries_) {
    const bool due =
        entry.state == State::leased && entry.copies < most_copies && now - entry.sent > backup_after(entry.copies);
    if (due) backups_.push_back(id);
  }
}

RoundTrip::Duration LeaseBook::lease_for(const Entry& entry) const {
  const int expiries = entry.expiries + entry.silent_expiries;
  if (is_lost(entry.expiries + 1, entry.silent_expiries)) return rules_.patience;  // the last: no doubt may remain
  const auto usual = std::clamp<RoundTrip::Duration>(round_trip_.estimate(rules_.first), rules_.floor, rules_.patience);
  constexpr int most_doublings = 10;
  const auto doubled = usual * (1 << std::min(expiries, most_doublings));
  return std::min<RoundTrip::Duration>(doubled + doubled / 256 * spread(entry), rules_.patience);
}

/// What was lost together must not come back together: a link that kills its worker would take the same neighbours with it each
/// time, until they are called lost, too. In 1/256 of the lease; ids are hashes, and so as good as random.
int LeaseBook::spread(const Entry& entry) {
  constexpr unsigned bytes = 7;  // of an id that are all random
  const auto byte = static_cast<int>(entry.link.id >> (8 * (entry.attempt % bytes)) & 0xffU);
  return entry.attempt <= 1 ? byte / 4 : byte;
}

RoundTrip::Duration LeaseBook::backup_after(int copies) const {
  const auto usual = std::max<RoundTrip::Duration>(round_trip_.estimate(rules_.first, leased_), shortest_backup);
  return usual * (1 << copies);
}

}  // namespace thumbline
