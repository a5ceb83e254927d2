#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace thumbline {

struct LaneChooserLimits {
  std::size_t lanes = 1;
  std::size_t transfers = 1;  ///< of each lane; more may run there as long as other lanes have fewer
  std::size_t hosts = 1;      ///< for each lane so many hosts are remembered while none of their links runs
};

/// Decides which lane fetches a link. A lane keeps its connections, which no other lane can use, so that all links of a host go
/// to the same lane, also when it had none for a while. A host has further lanes where it has more links at once than a lane is
/// made for, or its lane far more than others; it loses one of them each time that none of its links runs. The hosts that have
/// had no link for the longest time are forgotten first. Pure: it counts, it fetches nothing.
class LaneChooser {
 public:
  explicit LaneChooser(LaneChooserLimits limits) : limits_(limits), lanes_(limits.lanes) {}

  /// The lane for a link of `host`, which counts as running there from now on. Each id may be in here once.
  std::size_t choose(std::uint64_t id, const std::string& host);

  /// A link for which choose() found a lane has ended.
  void ended(std::uint64_t id);

  /// Where a link runs; nothing where it does not.
  [[nodiscard]] std::optional<std::size_t> lane_of(std::uint64_t id) const;
  [[nodiscard]] std::size_t running() const { return running_.size(); }
  /// Those remembered, busy or not.
  [[nodiscard]] std::size_t hosts() const { return hosts_.size(); }

 private:
  struct Host;
  using Hosts = std::unordered_map<std::string, Host>;
  using Idle = std::list<Hosts::value_type*>;

  struct Share {  ///< of a lane in a host
    std::size_t lane;
    std::size_t running = 0;
  };
  struct Host {
    std::vector<Share> shares;
    std::size_t running = 0;
    Idle::iterator idle;  ///< where none is running
  };
  struct Lane {
    std::size_t running = 0;
    std::size_t hosts = 0;
  };
  struct Running {
    Hosts::value_type* host;
    std::size_t lane;
  };

  Hosts::value_type& busy(const std::string& host);
  Share& share_for_next(Host& host);
  static Share& share_of(Host& host, std::size_t lane);
  [[nodiscard]] bool has_room(const Share& share) const;
  [[nodiscard]] std::size_t lane_for_new_host() const;
  [[nodiscard]] std::size_t best_of_first(std::size_t count) const;
  void let_rest(Hosts::value_type& entry);
  void forget_oldest();

  LaneChooserLimits limits_;
  std::vector<Lane> lanes_;
  Hosts hosts_;  ///< nodes stay where they are
  Idle idle_;    ///< hosts without a running link, the one that has been so for the longest time first
  std::unordered_map<std::uint64_t, Running> running_;
};

}  // namespace thumbline
