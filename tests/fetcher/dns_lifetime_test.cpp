#include "fetcher/dns_lifetime.h"

#include <map>

#include "tests/catch.h"

using namespace std::chrono_literals;
using thumbline::DnsLifetime;
using thumbline::Moment;

namespace {

/// libcurl's cache: an answer is dropped when its age in whole seconds is at least what the transfer says that looks for it or
/// ends.
class Cache {
 public:
  explicit Cache(DnsLifetime& lifetime) : lifetime_(lifetime) {}

  /// A whole transfer over a new connection; whether the name had to be asked for.
  bool transfer(const std::string& name, Moment at) {
    const std::chrono::seconds kept = lifetime_.at(at);
    drop(kept, at);
    lifetime_.looked_up(name, at);
    const bool is_new = answers_.emplace(name, at).second;
    drop(kept, at);
    return is_new;
  }
  [[nodiscard]] std::size_t size() const { return answers_.size(); }

 private:
  void drop(std::chrono::seconds kept, Moment at) {
    const auto in_seconds = [](Moment moment) { return std::chrono::floor<std::chrono::seconds>(moment.time_since_epoch()); };
    std::erase_if(answers_, [&](const auto& answer) { return in_seconds(at) - in_seconds(answer.second) >= kept; });
  }

  DnsLifetime& lifetime_;
  std::map<std::string, Moment> answers_;
};

constexpr Moment start{1'000'000s};

}  // namespace

TEST_CASE("answers for few names are kept for long") {
  DnsLifetime lifetime(10, 300s);
  Cache cache(lifetime);
  CHECK(lifetime.at(start) == 300s);
  int asked = 0;
  for (int i = 0; i < 3000; ++i) asked += cache.transfer(std::to_string(i % 9), start + i * 100ms) ? 1 : 0;
  CHECK(asked == 9);
  CHECK(lifetime.at(start + 300s) == 300s);
}

TEST_CASE("answers are never more than so many, however fast new names come") {
  for (const auto between : {0us, 100us, 10'000us, 400'000us, 2'000'000us}) {
    INFO(between.count());
    DnsLifetime lifetime(100, 300s);
    Cache cache(lifetime);
    std::size_t most = 0;
    for (int i = 0; i < 5000; ++i) {
      cache.transfer(std::to_string(i), start + i * between);
      most = std::max(most, cache.size());
    }
    CHECK(most <= 101);  // one that is looked up is there before it is dropped
  }
}

TEST_CASE("a name that is used again and again keeps its answer as long as those of others leave room for it") {
  DnsLifetime lifetime(100, 300s);
  Cache cache(lifetime);
  int asked = 0;
  for (int i = 0; i < 10'000; ++i) {  // ten new names a second: each answer may live for ten seconds
    cache.transfer(std::to_string(i), start + i * 100ms);
    asked += cache.transfer("usual", start + i * 100ms) ? 1 : 0;
  }
  CHECK(asked >= 2);
  CHECK(asked <= 1000 / 8);
}

TEST_CASE("answers are kept for long again when the flood of names is over") {
  DnsLifetime lifetime(100, 300s);
  for (int i = 0; i < 1000; ++i) lifetime.looked_up(std::to_string(i), start);
  CHECK(lifetime.at(start) == 0s);
  CHECK(lifetime.at(start + 1999ms) == 1s);
  CHECK(lifetime.at(start + 200s) == 200s);
  CHECK(lifetime.at(start + 1h) == 300s);
  lifetime.looked_up("next", start + 1h);
  CHECK(lifetime.at(start + 1h) == 300s);
}
