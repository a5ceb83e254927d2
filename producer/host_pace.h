#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "common/base/clock.h"

namespace thumbline {

/// How fast links of one host may go out.
///
/// A host that has refused nothing has a window as TCP has one (RFC 5681, 3.1): `first_window` requests out at once, one more
/// for each that was answered. The first refusal makes a rate of it, in requests a second. From then on the controller is
/// CUBIC's (RFC 9438) with rates in place of windows: a refusal lowers the rate, at most once for all requests that were on
/// their way at that moment; it then comes back concavely to the rate that the host was seen to allow, stays there for a while,
/// and probes beyond it, slowly at first. What the host allows is measured between two refusals: as many requests as it took in
/// that time, whatever bursts it allows beside, for at both its tokens were used up.
///
/// Where nothing gets through any more, one probe at a time is out, each after twice the time of the one before.
///
/// Only refusals need to be heard of promptly: what was published and not refused counts as taken. Successes may come late, as
/// they do behind slow resizers. Pure: no clock, no randomness of its own.
class HostPace {
 public:
  /// `most_a_second`: a ceiling from the start; 0: none.
  explicit HostPace(double most_a_second = 0) : ceiling_(most_a_second) {}

  /// One request that is out.
  struct Sent {
    std::uint64_t number;  ///< 1, 2, ... as published() counts
    Moment at;
  };

  /// When the next request may go out: `now` or earlier for at once; Moment::max(): not before something has come back.
  [[nodiscard]] Moment next(Moment now) const;
  /// One has gone out; its number.
  std::uint64_t published(Moment now);
  /// A copy of one that is out already has gone out.
  void published_copy(Moment now);

  /// It brought anything but a refusal.
  void answered(std::uint64_t number, Moment now);
  /// It failed without an answer: the host does not limit its rate, and it may be dead; the window is no use.
  void failed(std::uint64_t number, Moment now);
  /// Nothing is known of it any more: its lease is over, or its worker has handed it back.
  void dropped(std::uint64_t number);

  /// A refusal. `counts`: it is the host that refuses, as far as known, and not this link alone. `random` is in [0, 1).
  struct Refusal {
    Sent sent;
    std::chrono::milliseconds retry_after{0};
    bool counts = true;
  };
  void refused(const Refusal& refusal, double random, Moment now);
  /// The same of a request to another host that led to this one.
  void refused_elsewhere(std::chrono::milliseconds retry_after, double random, Moment now);

  /// How many requests it has answered with something else than a refusal.
  [[nodiscard]] std::uint64_t answers() const { return answers_; }
  /// Whether it refuses, and nothing has got through since: then it is the host, not the link.
  [[nodiscard]] bool refuses_all() const { return refusals_in_a_row_ >= 2; }
  /// Whether so many probes in a row were refused that it is no use to wait for this host: `attempts`, and where anything ever
  /// got through (a quota may be used up for a minute), for 20 s times `attempts` at least.
  [[nodiscard]] bool is_hopeless(int attempts, Moment now) const;
  /// Its waiting links were given up: the next probe, for those that come later, need not wait for long.
  void given_up(Moment now);

  /// Requests a second; 0: no limit.
  [[nodiscard]] double rate() const;

 private:
  /// A moment at which the host refused, and how many requests it had taken until then.
  struct Mark {
    Moment at;
    std::uint64_t taken;
    double paused_s;  ///< and how long it was left alone until then
  };

  bool note_share(std::uint64_t number);
  bool is_in_vain();
  void forget_one(std::uint64_t number);
  void decrease(const Mark& mark, Moment now);
  void begin_rate(const Mark& mark);
  [[nodiscard]] double measured(const Mark& until) const;
  void note_mark(const Mark& mark);
  void grow(Moment now);
  [[nodiscard]] double growth_time() const;
  void ask_pause(std::chrono::milliseconds retry_after, Moment now);
  [[nodiscard]] std::chrono::steady_clock::duration interval() const;

  double ceiling_;
  double window_ = first_window;
  double rate_ = 0;      ///< requests a second; 0: the window alone holds
  double target_ = 0;    ///< the rate that the host was seen to allow; 0: unknown
  double low_ = 0;       ///< from which the rate began to grow towards that
  double resume_ = 0;    ///< the rate with which to begin when the host takes requests again
  double grown_s_ = 0;   ///< how long the rate has been growing towards the target and beyond
  bool ramps_ = false;   ///< doubles, until it is near the target
  double pause_s_ = 0;   ///< the last that it asked for
  double paused_s_ = 0;  ///< all of them together
  double delay_s_ = 0;   ///< from publication to refusal, smoothed
  std::uint64_t published_ = 0;
  std::uint64_t out_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t answers_ = 0;
  std::uint64_t refused_number_ = 0;      ///< the last request that was refused
  std::uint64_t decrease_number_ = 0;     ///< the last request before the last decrease
  std::uint64_t back_since_ = 0;          ///< those after it that are not out any more
  double share_ = 0;                      ///< that was refused of late
  std::uint64_t share_number_ = 0;        ///< the last that was
  double usual_share_ = tolerated_share;  ///< of which nothing follows
  int early_decreases_ = 0;               ///< one after the other, before the rate was at its target again
  std::uint64_t early_since_ = 0;         ///< after which request these began
  int refusals_in_a_row_ = 0;             ///< decreases without an answer to a request in between
  Moment next_{};
  Moment pause_until_{};
  Moment last_published_{};
  Moment last_answer_{};
  std::array<Mark, 2> pace_{};  ///< while there is no rate: some seconds apart
  static constexpr std::size_t most_marks = 8;
  std::array<Mark, most_marks> marks_{};  ///< a ring: of the last decreases
  std::size_t mark_count_ = 0;

  static constexpr double first_window = 16;
  static constexpr double tolerated_share = 0.08;
};

}  // namespace thumbline
