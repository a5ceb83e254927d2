#include "producer/host_pace.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "producer/backoff.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;
using Duration = std::chrono::steady_clock::duration;

constexpr double beta = 0.85;  // of the target, after a refusal; TCP's CUBIC takes 0.7, and has queues that make good for it
constexpr double least_share = 0.5, likely_share = 0.8;  // of a refused rate, where nothing tells how much of it is right
// Until the target is reached again: so many seconds, requests, round trips, and pauses that the host asks for.
constexpr double growth_s = 4, growth_requests = 40, growth_delays = 8, growth_pauses = 6, longest_pause_s = 10;
constexpr double doubling_s = 0.5, doubling_delays = 2;  // while it ramps
constexpr double first_rate = 2;                         // after the first refusal, where hardly anything has got through
// A second, while the host refuses everything; and what is left of its rate after that, which depends on how long it was.
constexpr double fastest_probe = 2, slowest_probe = 1.0 / 16;
constexpr double left_at_once = 0.8, left_later = 0.35, target_left = 0.6;
constexpr double later_probe = 1;     // after its links were given up
constexpr double unlimited = 20'000;  // so fast a host has no limit that we could reach
constexpr double shortest_measure_s = 1;
constexpr auto between_paces = 2s;
constexpr auto patience_an_attempt = 20s;
// Timers wake late; what that costs is caught up on, but no more than this.
constexpr auto most_slack = 10ms;
constexpr double slack_share = 0.2;  // of an interval
constexpr double gain = 0.25;
constexpr double share_gain = 1.0 / 32;
constexpr int most_early_decreases = 6;
constexpr std::uint64_t telling_requests = 48;
constexpr double usual_deviation = 0.2, most_usual_share = 0.75;

double seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}

Duration from_s(double s) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s));
}

}  // namespace

double HostPace::rate() const {
  if (rate_ == 0 || ceiling_ == 0) return std::max(rate_, ceiling_);
  return std::min(rate_, ceiling_);
}

Duration HostPace::interval() const {
  const double allowed = rate();
  return allowed > 0 ? from_s(1 / allowed) : Duration{};
}

Moment HostPace::next(Moment now) const {
  if (rate_ == 0 && static_cast<double>(out_) >= window_) return Moment::max();
  if (refuses_all() && published_ - decrease_number_ > back_since_) return Moment::max();  // a probe is out
  const Moment due = std::max(next_, pause_until_);
  return due <= now ? now : due;
}

std::uint64_t HostPace::published(Moment now) {
  ++out_;
  if (published_++ == 0) pace_ = {Mark{now, 0, 0}, Mark{now, 0, 0}};
  if (rate_ == 0 && now - pace_[1].at >= between_paces) pace_ = {pace_[1], Mark{now, published_ - refused_, 0}};
  published_copy(now);
  return published_;
}

void HostPace::published_copy(Moment now) {
  if (rate_ > 0) grow(now);
  const Duration between = interval();
  if (between > Duration{}) {
    const Duration slack = std::min<Duration>(most_slack, from_s(seconds(between) * slack_share));
    next_ = std::max(next_, now - slack) + between;
  }
  last_published_ = now;
}

/// By the time that has passed while the rate was used: a host without links learns nothing of how fast it might go.
void HostPace::grow(Moment now) {
  const double passed = std::min(seconds(now - last_published_), 2 / rate_);
  if (refusals_in_a_row_ >= (ramps_ ? 1 : 2)) return;  // until something has got through
  if (ramps_) {
    rate_ *= std::exp2(passed / std::max(doubling_s, doubling_delays * delay_s_));
    if (target_ > 0 && rate_ >= beta * target_) {
      rate_ = low_ = beta * target_;
      ramps_ = false;
      grown_s_ = 0;
    }
  } else {
    // RFC 9438, 4.2: growth_time() is K, and C follows from it.
    grown_s_ += passed;
    rate_ = target_ + (target_ - low_) * std::pow(grown_s_ / growth_time() - 1, 3);
  }
  rate_ = std::min(rate_, unlimited);
}

double HostPace::growth_time() const {
  return std::max({growth_s, growth_requests / target_, growth_delays * delay_s_, growth_pauses * pause_s_});
}

void HostPace::forget_one(std::uint64_t number) {
  if (out_ > 0) --out_;
  if (number > decrease_number_) ++back_since_;
}

void HostPace::answered(std::uint64_t number, Moment now) {
  forget_one(number);
  ++answers_;
  last_answer_ = now;
  if (rate_ == 0) window_ += 1;
  if (number <= refused_number_) return;
  if (refuses_all()) {
    // It takes requests again, and as many as before, most likely.
    rate_ = std::max({rate_, resume_, fastest_probe});
    last_published_ = now;
    next_ = now;
  }
  refusals_in_a_row_ = 0;
}

void HostPace::failed(std::uint64_t number, Moment now) {
  forget_one(number);
  if (rate_ == 0) window_ = std::numeric_limits<double>::infinity();
  if (number > decrease_number_ && refuses_all()) next_ = std::max(next_, now + interval());
}

void HostPace::dropped(std::uint64_t number) {
  forget_one(number);
}

void HostPace::ask_pause(std::chrono::milliseconds retry_after, Moment now) {
  if (retry_after <= 0ms) return;
  const Duration asked = std::min<std::chrono::milliseconds>(retry_after, longest_request);
  pause_s_ = std::min(seconds(asked), longest_pause_s);
  const Moment until = now + asked;
  if (until <= pause_until_) return;
  paused_s_ += seconds(until - std::max(pause_until_, now));
  pause_until_ = until;
}

void HostPace::refused(const Refusal& refusal, double random, Moment now) {
  const auto [number, at] = refusal.sent;
  forget_one(number);
  ++refused_;
  const double delay = seconds(now - at);
  delay_s_ = delay_s_ == 0 ? delay : delay_s_ + gain * (delay - delay_s_);
  const double paused_s = paused_s_;
  if (refusal.counts) {
    ask_pause(refusal.retry_after, now);
    refused_number_ = std::max(refused_number_, number);
  }
  const bool matters = note_share(number) || refusal.retry_after > 0ms || refusals_in_a_row_ > 0;
  if (!refusal.counts || !matters || number <= decrease_number_) return;
  // Of those between it and the last decrease none was refused: they got through, and will be heard of.
  if (number > decrease_number_ + 1) refusals_in_a_row_ = 0;
  decrease({at, number - std::min(number, refused_), paused_s}, now);
  const double jitter = refuses_all() || !answers_ ? 0.75 + random / 2 : 1;
  next_ = std::max(next_, now + from_s(jitter / rate()));
}

void HostPace::refused_elsewhere(std::chrono::milliseconds retry_after, double random, Moment now) {
  ask_pause(retry_after, now);
  if (rate_ > 0 && published_ == decrease_number_) return;  // nothing has gone out since the last decrease
  decrease({now, published_ - std::min(published_, refused_), paused_s_}, now);
  next_ = std::max(next_, now + from_s((0.75 + random / 2) / rate()));
}

/// Whether so large a share of what it got of late was refused that it is the rate which is wrong.
bool HostPace::note_share(std::uint64_t number) {
  const auto since = static_cast<double>(number - std::min(number, share_number_));
  share_number_ = std::max(share_number_, number);
  share_ = share_ * std::pow(1 - share_gain, since) + std::max(share_gain, 1 / static_cast<double>(number));
  return share_ >= usual_share_;
}

/// Where a lower rate does not bring fewer refusals, time and again, it is not the rate: one of several servers is broken, for
/// instance. Then as large a share of refusals is usual there.
bool HostPace::is_in_vain() {
  if (rate_ == 0 || refuses_all()) return false;
  const bool reached = !ramps_ && grown_s_ >= growth_time();
  early_decreases_ = reached ? 0 : early_decreases_ + 1;
  if (early_decreases_ <= 1) early_since_ = decrease_number_;
  if (early_decreases_ < most_early_decreases || published_ - early_since_ < telling_requests) return false;
  early_decreases_ = 0;
  usual_share_ = std::min(share_ + usual_deviation, most_usual_share);
  refusals_in_a_row_ = 0;
  target_ = 0;
  ramps_ = true;
  return true;
}

void HostPace::decrease(const Mark& mark, Moment now) {
  ++refusals_in_a_row_;
  const bool in_vain = is_in_vain();
  decrease_number_ = published_;
  back_since_ = 0;
  last_published_ = now;
  if (in_vain) return note_mark(mark);
  usual_share_ = tolerated_share;
  if (rate_ == 0) {
    begin_rate(mark);
  } else if (refuses_all()) {
    if (refusals_in_a_row_ == 2) resume_ = rate_ * left_at_once;
    if (refusals_in_a_row_ == 3) {
      target_ *= target_left;
      resume_ *= left_later;
    }
    rate_ = std::max(slowest_probe, std::min(rate_ / 2, fastest_probe));
    ramps_ = true;
  } else {
    const double most = rate_;
    if (const double allowed = measured(mark); allowed >= least_share * most) {
      target_ = std::min(allowed, most);
      rate_ = beta * target_;
    } else {
      // It doubled, or nothing is measured: what is right lies between half of that rate and that.
      target_ = likely_share * most;
      rate_ = std::max(least_share * most, beta * allowed);
    }
    low_ = rate_;
    ramps_ = false;
  }
  grown_s_ = 0;
  note_mark(mark);
}

/// As fast as it went of late; what got through in less than a second may be the burst that it allows.
void HostPace::begin_rate(const Mark& mark) {
  const double passed = std::max({1.0, 2 * delay_s_, seconds(mark.at - pace_[0].at)});
  rate_ = std::max(first_rate, static_cast<double>(mark.taken - std::min(mark.taken, pace_[0].taken)) / passed);
  target_ = 0;
  ramps_ = true;
  next_ = {};
}

/// Since any of the last refusals. Tokens that could not be used, since the host was asked for less, are missing in that: the
/// most is the best; of those of a pause about half are kept. At both ends up to one token may have been there.
double HostPace::measured(const Mark& until) const {
  double most = 0;
  for (std::size_t i = mark_count_ - std::min(mark_count_, most_marks); i < mark_count_; ++i) {
    const Mark& from = marks_[i % most_marks];
    const double passed = seconds(until.at - from.at) - (until.paused_s - from.paused_s) / 2;
    if (passed < shortest_measure_s) break;
    most = std::max(most, static_cast<double>(1 + until.taken - std::min(until.taken, from.taken)) / passed);
  }
  return most;
}

void HostPace::note_mark(const Mark& mark) {
  marks_[mark_count_++ % most_marks] = mark;
}

bool HostPace::is_hopeless(int attempts, Moment now) const {
  if (refusals_in_a_row_ < attempts) return false;
  if (answers_ == 0) return out_ == 0;
  return now - last_answer_ >= attempts * patience_an_attempt;
}

void HostPace::given_up(Moment now) {
  rate_ = later_probe;
  next_ = now + interval();
}

}  // namespace thumbline
