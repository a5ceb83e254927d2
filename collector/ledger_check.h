#pragma once
#include <atomic>
#include <exception>
#include <filesystem>
#include <thread>

#include "collector/sqlite.h"

namespace thumbline {

/// Reads a whole ledger on a connection of its own: SQLite's structure, the digest of each row, the index of the ids, and the
/// counts. Throws Stop (`cannot_go_on`) where it is not as it was written. Some 2 s for a million links.
void check_ledger(Database& ledger, const std::filesystem::path& file);

/// Ends the program because of a damaged ledger, with what to do.
[[noreturn]] void refuse_damaged(const std::filesystem::path& file, const std::string& why);

/// The check in a thread of its own, while another connection writes (WAL). The run's end waits for it.
class LedgerCheck {
 public:
  explicit LedgerCheck(const std::filesystem::path& file);
  /// Breaks off a check that has not ended.
  ~LedgerCheck();
  LedgerCheck(const LedgerCheck&) = delete;
  LedgerCheck& operator=(const LedgerCheck&) = delete;

  /// Becomes readable when the check has ended.
  [[nodiscard]] int fd() const { return event_; }
  /// Whether it has ended; throws the Stop of a ledger that is damaged.
  bool has_passed();

 private:
  void run(const std::filesystem::path& file);

  Database ledger_;
  int event_;
  std::atomic<bool> ended_ = false;
  std::exception_ptr error_;  ///< written before ended_
  std::thread thread_;
};

}  // namespace thumbline
