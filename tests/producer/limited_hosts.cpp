#include "tests/producer/limited_hosts.h"

#include <algorithm>
#include <cmath>

namespace thumbline {
namespace {

constexpr int slots = 64;
constexpr std::size_t buffered = 12;  // links on the way to a fetcher
constexpr double between_commits_s = 0.025;
constexpr double hop_s = 0.0005;   // a message
constexpr double timer_s = 0.001;  // timers wake late

}  // namespace

void LimitedRun::link(const std::string& host, bool always_refused) {
  to_read_.push_back({host, always_refused, false});
}

Moment LimitedRun::moment() const {
  return Moment() + std::chrono::hours(1) + std::chrono::duration_cast<Moment::duration>(std::chrono::duration<double>(time_));
}

LimitedRun::Result LimitedRun::run() {
  fetchers_.resize(static_cast<std::size_t>(settings_.fetchers));
  std::uint64_t id = 0;
  while (time_ < settings_.longest_s) {
    book_.tick(moment());
    for (; !to_read_.empty() && book_.has_room(); to_read_.pop_front()) {
      const Known& known = known_[++id] = to_read_.front();
      Link link;
      link.id = id;
      link.url = "http://" + known.host + "/" + std::to_string(id);
      book_.add(std::move(link));
    }
    if (to_read_.empty()) book_.no_more_links();
    while (publish()) {
    }
    if (book_.empty()) break;
    const Moment wake = book_.wake();
    double next = wake == Moment::max()
                      ? settings_.longest_s
                      : time_ + std::max(0.0, std::chrono::duration<double>(wake - moment()).count()) + timer_s;
    if (!events_.empty() && events_.top().at <= next) {
      const Event event = events_.top();
      events_.pop();
      time_ = std::max(time_, event.at);
      event.happen();
    } else {
      time_ = next;
    }
  }
  result_.time_s = time_;
  return result_;
}

bool LimitedRun::publish() {
  const auto work = book_.next(moment());
  if (!work) return false;
  const std::uint64_t id = work->link->id;
  if (work->verdict != nullptr) {
    ++result_.failed;
    book_.published(moment());
    at(time_ + 2 * hop_s, [this, id] { book_.settled(id, moment()); });
    return true;
  }
  for (std::size_t i = 0; i < fetchers_.size(); ++i) {
    Fetcher& fetcher = fetchers_[turn_++ % fetchers_.size()];
    if (fetcher.buffer.size() >= buffered) continue;
    fetcher.buffer.push_back({id, work->attempt, false});
    book_.published(moment());
    start(fetcher);
    return true;
  }
  return false;
}

void LimitedRun::start(Fetcher& fetcher) {
  for (; fetcher.busy < slots && !fetcher.buffer.empty(); fetcher.buffer.pop_front()) {
    ++fetcher.busy;
    request(fetcher, fetcher.buffer.front());
  }
}

void LimitedRun::request(Fetcher& fetcher, Job job) {
  const double there = time_ + hop_s + settings_.latency_s / 2 * jitter();
  at(there, [this, &fetcher, job]() mutable {
    const Known& known = known_.at(job.id);
    ++result_.requests;
    job.taken = limiters_.at(known.host)->takes(time_) && !known.always_refused;
    if (!job.taken) ++result_.refused;
    at(time_ + settings_.latency_s / 2 * jitter(), [this, &fetcher, job] { answer(fetcher, job); });
  });
}

void LimitedRun::answer(Fetcher& fetcher, const Job& job) {
  --fetcher.busy;
  start(fetcher);
  if (!job.taken) {
    at(time_ + 2 * hop_s, [this, job] {
      Failure failure(Reason::rate_limited, "429");
      if (settings_.retry_after_s >= 0)
        failure.retry_after = std::chrono::milliseconds(static_cast<int>(1000 * settings_.retry_after_s));
      book_.refused({job.id, job.attempt, failure}, unit_(random_), moment());
    });
    return;
  }
  result_.done_s[known_.at(job.id).host] = time_;
  const double committed = (std::floor((time_ + settings_.success_delay_s) / between_commits_s) + 1) * between_commits_s;
  at(committed + hop_s, [this, job] {
    if (!std::exchange(known_.at(job.id).done, true)) ++result_.done;
    book_.settled(job.id, moment());
  });
}

}  // namespace thumbline
