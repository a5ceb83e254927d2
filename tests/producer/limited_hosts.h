#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "producer/lease_book.h"

namespace thumbline {

/// Which requests a host takes, as servers limit their rate. Times are seconds, and never go back.
struct Limiter {
  Limiter() = default;
  Limiter(const Limiter&) = delete;
  Limiter& operator=(const Limiter&) = delete;
  virtual ~Limiter() = default;
  virtual bool takes(double at) = 0;
};

/// nginx's limit_req with nodelay, the same as a token bucket that holds `burst` + 1.
struct LeakyBucket : Limiter {
  LeakyBucket(double rate_, double burst_) : rate(rate_), burst(burst_) {}
  bool takes(double at) override {
    excess = std::max(0.0, excess - (at - last) * rate);
    last = at;
    if (excess > burst) return false;
    excess += 1;
    return true;
  }
  double rate, burst, excess = 0, last = 0;
};

/// So many in each span of time; the first begins at `begin`, and some limiters count what they refuse.
struct FixedWindow : Limiter {
  FixedWindow(int most_, double span_, double begin_ = 0) : most(most_), span(span_), begin(begin_) {}
  bool takes(double at) override {
    while (at >= begin + span) {
      begin += span;
      taken = 0;
    }
    return taken++ < most;
  }
  int most;
  double span, begin;
  int taken = 0;
};

/// Takes nothing, or refuses a share of all requests whatever their rate.
struct Chance : Limiter {
  explicit Chance(unsigned percent_) : percent(percent_) {}
  bool takes(double) override { return random() % 100 >= percent; }
  unsigned percent;
  std::mt19937 random{1};
};

/// A run against such hosts in virtual time: the lease book, fetchers, and a collector that commits 40 times a second.
class LimitedRun {
 public:
  struct Settings {
    double latency_s = 0.001;  ///< of a request, and of the answer to it together
    int fetchers = 1;
    double success_delay_s = 0;  ///< resizers, for instance
    double retry_after_s = -1;   ///< what refusals say; negative: nothing
    LeaseRules rules{};
    double longest_s = 10'000;
  };
  struct Result {
    int done = 0, failed = 0, requests = 0, refused = 0;
    double time_s = 0;                     ///< until the last has ended
    std::map<std::string, double> done_s;  ///< for each host: until its last link was done
    [[nodiscard]] double refused_share() const { return requests == 0 ? 0 : static_cast<double>(refused) / requests; }
  };

  explicit LimitedRun(Settings settings) : settings_(settings), book_(settings.rules) {}

  void host(const std::string& name, std::unique_ptr<Limiter> limiter) { limiters_[name] = std::move(limiter); }
  /// A link of that host; one that `always_refused` is refused whatever its host takes.
  void link(const std::string& host, bool always_refused = false);
  Result run();

 private:
  struct Event {
    double at;
    std::uint64_t order;
    std::function<void()> happen;
    friend bool operator>(const Event& a, const Event& b) { return std::pair(a.at, a.order) > std::pair(b.at, b.order); }
  };
  struct Job {
    std::uint64_t id;
    std::uint32_t attempt;
    bool taken;
  };
  struct Fetcher {
    std::deque<Job> buffer;
    int busy = 0;
  };
  struct Known {
    std::string host;
    bool always_refused;
    bool done = false;
  };

  [[nodiscard]] Moment moment() const;
  void at(double when, std::function<void()> happen) { events_.push({when, ++order_, std::move(happen)}); }
  bool publish();
  void start(Fetcher& fetcher);
  void request(Fetcher& fetcher, Job job);
  void answer(Fetcher& fetcher, const Job& job);
  double jitter() { return 0.9 + 0.2 * unit_(random_); }

  Settings settings_;
  LeaseBook book_;
  std::deque<Known> to_read_;
  std::map<std::uint64_t, Known> known_;
  std::map<std::string, std::unique_ptr<Limiter>> limiters_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::vector<Fetcher> fetchers_;
  std::size_t turn_ = 0;
  std::uint64_t order_ = 0;
  double time_ = 0;
  std::mt19937 random_{7};
  std::uniform_real_distribution<double> unit_{0, 1};
  Result result_;
};

}  // namespace thumbline
