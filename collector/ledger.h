#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collector/link_facts.h"
#include "collector/link_row.h"
#include "collector/sqlite.h"
#include "common/base/clock.h"

namespace thumbline {

/// The file that knows how each link ended: ledger.sqlite, the run's only durable state. It survives a kill -9 at any moment
/// with everything that was recorded, and a power cut as a whole with everything up to some moment before it (WAL without a
/// sync at each commit). Whatever goes wrong ends the program: everything throws Stop with `cannot_go_on`.
class Ledger {
 public:
  struct Counts {
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    [[nodiscard]] std::uint64_t settled() const { return done + failed; }
  };

  /// Opens the file, or creates it, and starts a session at `started`. Reads all of it first: one that is damaged is refused
  /// (Stop, `cannot_go_on`), for whatever were taken from it, or added to it, would be wrong. Some 4 s for a million links.
  Ledger(const std::filesystem::path& file, WallTime started);

  /// What must stay the same between the runs on one folder; nothing before it was set.
  std::optional<std::string> settings();
  void set_settings(const std::string& text);

  /// What tells this ledger's run from all others: 32 hexadecimal digits, made when it is asked for first.
  std::string run();

  /// Removes the failed links, so that they are tried again; how many those were. Does so once for each producer: a collector
  /// that was started again in the middle of a run must not forget what the living producer counts as settled.
  /// `broken` is told the originals (below the run's folder) that turned out to be no whole pictures: they have to be fetched
  /// anew.
  std::uint64_t forget_failed(std::uint64_t producer_session, const std::function<void(const std::string&)>& broken);

  /// Adds what is not there yet in one transaction; a second outcome of a link changes nothing. `wall_us` is how long this
  /// session has lasted.
  void record(std::span<const LinkRow> rows, std::int64_t wall_us);

  [[nodiscard]] Counts counts() const { return counts_; }
  /// How long all sessions lasted, each to the last link it added.
  std::int64_t wall_us();

  /// The next ids above `after` in the order of their value as signed numbers (nothing: from the lowest), at most `limit`.
  std::vector<std::uint64_t> ids_after(std::optional<std::uint64_t> after, std::int64_t limit);
  /// Calls `visit` for each link in the order in which they ended.
  void each_row(const std::function<void(const LinkRow&)>& visit);
  void each_facts(const std::function<void(const LinkFacts&)>& visit);

 private:
  void open_tables(const std::filesystem::path& file);
  void check(const std::filesystem::path& file);
  void complete_ids();
  void insert(const LinkRow& row);

  Database database_;
  std::int64_t session_ = 0;
  Counts counts_;
  std::optional<Statement> insert_;
  std::optional<Statement> keep_wall_;
};

}  // namespace thumbline
