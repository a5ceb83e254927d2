#include "fetcher/lane_chooser.h"

#include <algorithm>
#include <map>
#include <random>

#include "tests/catch.h"

using thumbline::LaneChooser;

namespace {

/// Links of which so many run at once: for each new one, any of the others ends.
class Crowd {
  using ByLane = std::map<std::size_t, std::size_t>;

 public:
  Crowd(LaneChooser& chooser, std::size_t at_once) : chooser_(chooser), at_once_(at_once) {}

  void add(const std::string& host) {
    if (running_.size() == at_once_) {
      const std::size_t ended = random_() % running_.size();
      chooser_.ended(running_[ended]);
      running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(ended));
    }
    running_.push_back(++last_);
    ++links_[host][chooser_.choose(last_, host)];
  }
  std::size_t random() { return random_(); }
  /// The part of all links that did not go to their host's home, but for this host's.
  [[nodiscard]] double astray(const std::string& but = "") const {
    std::size_t all = 0;
    std::size_t at_home = 0;
    for (const auto& [host, by_lane] : links_) {
      if (host == but) continue;
      for (const auto& [lane, links] : by_lane) all += links;
      at_home += by_lane.at(home(by_lane));
    }
    return 1 - static_cast<double>(at_home) / static_cast<double>(all);
  }
  [[nodiscard]] ByLane homes_by_lane() const {
    ByLane count;
    for (const auto& [host, by_lane] : links_) ++count[home(by_lane)];
    return count;
  }
  [[nodiscard]] ByLane running_by_lane() const {
    ByLane count;
    for (const std::uint64_t id : running_) ++count[chooser_.lane_of(id).value()];
    return count;
  }

 private:
  /// The lane that most of a host's links went to.
  static std::size_t home(const ByLane& links) {
    return std::ranges::max_element(links, {}, [](const auto& entry) { return entry.second; })->first;
  }

  LaneChooser& chooser_;
  std::size_t at_once_;
  std::uint64_t last_ = 0;
  std::vector<std::uint64_t> running_;
  std::map<std::string, ByLane> links_;
  std::minstd_rand random_{7};
};

}  // namespace

TEST_CASE("a host's links go to one lane, also after a while without any") {
  LaneChooser chooser({.lanes = 4, .transfers = 2, .hosts = 10});
  const std::size_t lane = chooser.choose(1, "a");
  CHECK(chooser.choose(2, "a") == lane);
  CHECK(chooser.choose(3, "b") != lane);  // that one is full
  CHECK(chooser.running() == 3);
  CHECK(chooser.lane_of(1) == lane);
  for (const std::uint64_t id : {1, 2, 3}) chooser.ended(id);
  CHECK(chooser.running() == 0);
  CHECK_FALSE(chooser.lane_of(1).has_value());
  chooser.choose(4, "c");
  CHECK(chooser.choose(5, "a") == lane);
}

TEST_CASE("few links need one lane only") {
  LaneChooser chooser({.lanes = 4, .transfers = 3, .hosts = 10});
  for (const std::uint64_t id : {1, 2, 3}) CHECK(chooser.choose(id, std::to_string(id)) == 0);
  CHECK(chooser.choose(4, "4") == 1);
}

TEST_CASE("a large host has all lanes, each with its share") {
  LaneChooser chooser({.lanes = 4, .transfers = 16, .hosts = 10});
  Crowd crowd(chooser, 64);
  for (int i = 0; i < 64; ++i) crowd.add("a");
  for (const auto& [lane, running] : crowd.running_by_lane()) CHECK(running == 16);
  for (int i = 0; i < 5000; ++i) crowd.add("a");
  for (const auto& [lane, running] : crowd.running_by_lane()) CHECK(running == 16);
}

TEST_CASE("many hosts are spread evenly over the lanes, and stay where they are") {
  constexpr std::size_t hosts = 253;
  LaneChooser chooser({.lanes = 4, .transfers = 16, .hosts = 256});
  Crowd crowd(chooser, 64);
  for (int i = 0; i < 20'000; ++i) crowd.add(std::to_string(crowd.random() % hosts));
  CHECK(crowd.astray() < 0.02);
  CHECK(crowd.running_by_lane().size() == 4);
  for (const auto& [lane, running] : crowd.running_by_lane()) CHECK(running <= 2 * 16);
  CHECK(chooser.hosts() == hosts);
  for (const auto& [lane, homes] : crowd.homes_by_lane()) CHECK(homes <= hosts * 11 / 40);
}

TEST_CASE("a large host leaves the lanes of small ones alone where it can") {
  LaneChooser chooser({.lanes = 4, .transfers = 16, .hosts = 256});
  Crowd crowd(chooser, 64);
  for (int i = 0; i < 20'000; ++i) crowd.add(i % 2 == 0 ? "large" : std::to_string(crowd.random() % 50));
  CHECK(crowd.astray("large") < 0.02);
}

TEST_CASE("a lane with more hosts than it can keep connections for gets no further ones, however little it has to do") {
  LaneChooser chooser({.lanes = 3, .transfers = 16, .hosts = 20});
  std::map<std::size_t, int> hosts;
  for (std::uint64_t id = 0; id < 60; ++id) {
    ++hosts[chooser.choose(id, std::to_string(id))];
    chooser.ended(id);
  }
  CHECK(hosts == std::map<std::size_t, int>{{0, 20}, {1, 20}, {2, 20}});
}

TEST_CASE("silent links, which come on top, do not tear hosts apart") {
  LaneChooser chooser({.lanes = 4, .transfers = 16, .hosts = 256});
  std::uint64_t id = 1'000'000;
  for (int i = 0; i < 1024; ++i) chooser.choose(++id, "dead-" + std::to_string(i));
  Crowd crowd(chooser, 64);
  for (int i = 0; i < 20'000; ++i) crowd.add(std::to_string(crowd.random() % 100));
  CHECK(crowd.astray() < 0.02);
}

TEST_CASE("hosts that have had no link for the longest time are forgotten; busy ones never") {
  LaneChooser chooser({.lanes = 2, .transfers = 1, .hosts = 5});
  chooser.choose(1, "busy");
  for (std::uint64_t id = 2; id < 100'000; ++id) {
    chooser.choose(id, std::to_string(id));
    chooser.ended(id);
    REQUIRE(chooser.hosts() <= 1 + 2 * 5);
  }
  chooser.ended(1);
  CHECK(chooser.running() == 0);
  CHECK(chooser.choose(100'000, "busy") == 0);
}

TEST_CASE("an end of what never began changes nothing") {
  LaneChooser chooser({.lanes = 2, .transfers = 1, .hosts = 5});
  chooser.choose(1, "a");
  chooser.ended(2);
  chooser.ended(1);
  chooser.ended(1);
  CHECK(chooser.running() == 0);
  CHECK(chooser.hosts() == 1);
}
