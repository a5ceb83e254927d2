#include "producer/lease_book.h"

#include <algorithm>
#include <cmath>
#include <string_view>
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

constexpr std::size_t many_hosts = 1024;  // that are paused; then those whose pause is over are forgotten

/// host:port of a link, in lower case, as fetchers tell which host has answered.
std::string host_and_port_of(std::string_view url) {
  const std::size_t slashes = url.find("//");
  if (slashes == std::string_view::npos) return {};
  std::string host(url.substr(slashes + 2, url.find_first_of("/?#", slashes + 2) - slashes - 2));
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool has_port = host.find(':', host.starts_with('[') ? host.find(']') : 0) != std::string::npos;
  if (!has_port) host += url.starts_with("https:") ? ":443" : ":80";
  return host;
}

}  // namespace

void LeaseBook::add(Link link, std::optional<Failure> verdict) {
  const std::uint64_t id = link.id;
  const auto [entry, is_new] = entries_.try_emplace(id, Entry{.link = std::move(link), .verdict = std::move(verdict)});
  if (is_new) fresh_.push_back(id);
}

std::optional<LeaseBook::Publication> LeaseBook::next(Moment now) {
  chosen_ = nullptr;
  for (auto* queue : {&again_, &fresh_, &backups_}) {
    const State wanted = queue == &backups_ ? State::leased : State::ready;
    if (wanted == State::ready && leased_ >= rules_.window) continue;
    while (!queue->empty()) {
      Entry* entry = find(queue->front());
      if (entry == nullptr || entry->state != wanted || is_paused(*entry, now)) {
        queue->pop_front();
        continue;
      }
      chosen_ = queue;
      const std::uint32_t attempt = entry->attempt + (wanted == State::ready ? 1 : 0);
      return Publication{&entry->link, attempt, entry->failures + 1 >= rules_.attempts, entry->attempt > 0,
                         entry->verdict ? &*entry->verdict : nullptr};
    }
  }
  return std::nullopt;
}

void LeaseBook::published(Moment now) {
  Entry& entry = entries_.at(chosen_->front());
  chosen_->pop_front();
  if (entry.state == State::leased) {
    ++entry.copies;
    return;
  }
  entry.state = State::leased;
  ++leased_;
  ++entry.attempt;
  entry.copies = 0;
  entry.sent = now;
  set_timer(entry, now + lease_for(entry));
}

void LeaseBook::settled(std::uint64_t id, Moment now) {
  last_receipt_ = now;
  Entry* entry = find(id);
  if (entry == nullptr) return;
  if (entry->state == State::leased) {
    if (entry->attempt == 1 && entry->copies == 0 && !entry->verdict) round_trip_.add(now - entry->sent, leased_);
    note_first_lease(*entry, false);
    --leased_;
  }
  if (entry->state == State::delayed) --delayed_;
  entries_.erase(id);
}

void LeaseBook::try_again(const TryAgain& answer, double random, Moment now) {
  last_receipt_ = now;
  Entry* entry = find(answer.id);
  // Late news of an earlier attempt: the newer one is out and will be heard of.
  if (entry == nullptr || entry->state != State::leased || entry->attempt != answer.attempt || entry->verdict) return;
  note_first_lease(*entry, false);
  --leased_;
  ++entry->failures;
  const Moment until = now + backoff(entry->failures, answer.retry_after, random);
  if (answer.rate_limited && answer.retry_after > 0ms) {
    pause(answer.asked_by.empty() ? host_and_port_of(entry->link.url) : answer.asked_by,
          now + std::min<std::chrono::milliseconds>(answer.retry_after, longest_request), now);
  }
  delay(*entry, until);
}

void LeaseBook::pause(const std::string& host, Moment until, Moment now) {
  if (paused_hosts_.size() >= many_hosts)
    std::erase_if(paused_hosts_, [&](const auto& paused) { return paused.second <= now; });
  Moment& paused = paused_hosts_[host];
  paused = std::max(paused, until);
}

void LeaseBook::handed_back(std::uint64_t id, std::uint32_t attempt) {
  Entry* entry = find(id);
  if (entry == nullptr || entry->state != State::leased || entry->attempt != attempt || entry->verdict) return;
  --leased_;
  make_ready(*entry);
}

void LeaseBook::tick(Moment now) {
  while (!timers_.empty() && timers_.top().due <= now) {
    const Timer timer = timers_.top();
    timers_.pop();
    Entry* entry = find(timer.id);
    if (entry == nullptr || entry->serial != timer.serial) continue;
    if (entry->state == State::leased) {
      expire(*entry);
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

void LeaseBook::expire(Entry& entry) {
  --leased_;
  if (!entry.verdict) {
    // While nothing at all comes back (no worker runs, the collector is being started again), a late link says nothing.
    const bool silent = last_receipt_ <= entry.sent;
    if (!silent) note_first_lease(entry, true);
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
  next_backups_ = now + between_backups;
  backups_.clear();
  for (const auto& [id, entry] : entries_) {
    const bool due =
        entry.state == State::leased && entry.copies < most_copies && now - entry.sent > backup_after(entry.copies);
    if (due) backups_.push_back(id);
  }
}

/// A link whose host wants a pause waits for its end.
bool LeaseBook::is_paused(Entry& entry, Moment now) {
  if (paused_hosts_.empty() || entry.verdict || entry.state != State::ready) return false;
  const auto paused = paused_hosts_.find(host_and_port_of(entry.link.url));
  if (paused == paused_hosts_.end()) return false;
  if (paused->second <= now) {
    paused_hosts_.erase(paused);
    return false;
  }
  delay(entry, paused->second);
  return true;
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
