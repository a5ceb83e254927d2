#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
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

  /// Up to which row the files had reached the disk, in which boot of this machine, and when (on the clock of now()).
  struct Synced {
    std::string boot;
    std::int64_t seq = 0;
    std::int64_t at_us = 0;
  };

  /// Opens the file, or creates it, and starts a session at `started`; costs the same whatever it holds. `invocation` is the
  /// same for all sessions of one run of the launcher; empty where there is none. Without `wal` it can be on a network file
  /// system; then others cannot read while it is written, nor the other way round: each waits for the other.
  Ledger(const std::filesystem::path& file, WallTime started, const std::string& invocation = {}, bool wal = true);

  /// Whether the whole of it was read in this invocation. Whoever takes anything from one that was not may take what is wrong:
  /// see check_ledger().
  [[nodiscard]] bool is_checked() const { return is_checked_; }
  void set_checked();
  /// Whether others can read it while this process writes.
  [[nodiscard]] bool uses_wal() const { return uses_wal_; }

  /// What must stay the same between the runs on one folder; nothing before it was set.
  std::optional<std::string> settings();
  void set_settings(const std::string& text);

  /// What tells this ledger's run from all others: 32 hexadecimal digits, made when it is asked for first.
  std::string run();

  Synced synced();
  void set_synced(const Synced& synced);
  /// The last row's place in the order of the rows.
  std::int64_t last_seq();
  /// Removes the rows whose files were lost when the boot before this one ended; the files of all others are on the disk.
  void begin_in_new_boot(const std::string& boot, std::span<const std::uint64_t> lost);
  /// Whether that happened in this invocation: files that no row names may be incomplete.
  [[nodiscard]] bool has_rebooted() const { return has_rebooted_; }

  /// From now on the outcome of a link that failed before this invocation replaces the old one.
  void replace_failed() { replaces_failed_ = true; }
  [[nodiscard]] bool replaces_failed() const { return replaces_failed_; }
  /// The next ids of such links, in the order of their rows, at most `limit`; `after_seq` begins with 0 and goes on.
  std::vector<std::uint64_t> failed_before(std::int64_t& after_seq, std::int64_t limit);
  /// Notes that such a link is out again. Its original (below the run's folder), if that is no whole picture and has to be
  /// fetched anew.
  std::optional<std::string> try_again(std::uint64_t id);

  /// How far the producer has read its list, in this invocation.
  [[nodiscard]] std::uint64_t links_read() const { return links_read_; }
  void note_links_read(std::uint64_t links);

  /// Adds what is not there yet in one transaction, and calls `added` for that; a second outcome of a link changes nothing.
  /// `wall_us` is how long this session has lasted.
  void record(std::span<const LinkRow> rows, std::int64_t wall_us, const std::function<void(const LinkRow&)>& added = {});

  [[nodiscard]] Counts counts() const { return counts_; }
  /// How many of the failed ones are out again.
  [[nodiscard]] std::uint64_t out_again() const { return out_again_.size(); }
  /// The first session of this invocation.
  [[nodiscard]] std::int64_t first_session() const { return first_session_; }
  /// How long all sessions lasted, each to the last link it added.
  std::int64_t wall_us();

  /// The next ids above `after` in the order of their value as signed numbers (nothing: from the lowest), at most `limit`.
  std::vector<std::uint64_t> ids_after(std::optional<std::uint64_t> after, std::int64_t limit);
  /// Calls `visit` for each link in the order in which they ended.
  void each_row(const std::function<void(const LinkRow&)>& visit, std::int64_t after_seq = 0);
  void each_facts(const std::function<void(const LinkFacts&)>& visit);

 private:
  void open_tables(const std::filesystem::path& file);
  void complete_ids(const std::filesystem::path& file);
  void look_back(const std::string& invocation);
  std::uint64_t remove_failed(std::uint64_t id);

  Database database_;
  bool uses_wal_;
  std::int64_t session_ = 0;
  std::int64_t first_session_ = 0;
  std::int64_t next_seq_ = 1;
  bool is_checked_ = false;
  bool replaces_failed_ = false;
  bool has_rebooted_ = false;
  std::uint64_t links_read_ = 0;
  Counts counts_;
  std::unordered_set<std::uint64_t> out_again_;
  std::optional<Statement> insert_;
  std::optional<Statement> keep_session_;
  std::optional<Statement> remove_failed_;
};

}  // namespace thumbline
