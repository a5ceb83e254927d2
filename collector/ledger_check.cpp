#include "collector/ledger_check.h"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <system_error>

#include "collector/ledger_schema.h"
#include "common/base/program.h"

namespace thumbline {
namespace {

constexpr int nice_value = 5;  // behind those who take the outcomes, yet not for ever

/// The counts and the ids as rows or the index have them; the sum does not depend on their order.
struct Tally {
  std::int64_t rows = 0;
  std::uint64_t sum = 0;

  void add(std::int64_t id, std::int64_t seq) {
    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    std::uint64_t mixed = static_cast<std::uint64_t>(id) + 0x9e3779b97f4a7c15U * static_cast<std::uint64_t>(seq);
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    sum += mixed ^ (mixed >> 31U);
    ++rows;
  }
  bool operator==(const Tally&) const = default;
};

void check_structure(Database& ledger, const std::filesystem::path& file) {
  Statement quick(ledger, "PRAGMA quick_check(1)");
  if (const std::string said = quick.step() ? quick.text() : "no answer"; said != "ok") refuse_damaged(file, said);
}

/// SQLite does not see whether a value is another than was written.
Tally check_rows(Database& ledger, const std::filesystem::path& file) {
  Statement rows(ledger, "SELECT seq, id, outcome = 'failed', session, outcome, " + std::string(ledger_row_columns) +
                             ", digest FROM links ORDER BY seq");
  Tally tally;
  std::int64_t failed = 0;
  std::int64_t before = 0;
  while (rows.step()) {
    const std::int64_t seq = rows.optional_number().value_or(0);
    if (seq <= before) refuse_damaged(file, "the rows are out of order");
    before = seq;
    tally.add(rows.number(), seq);
    failed += rows.number();
    const std::int64_t found = rows.digest(ledger_digest_columns);
    const auto written = rows.optional_number();
    if (written && *written != found) refuse_damaged(file, "a row is not what was written");
  }
  Statement counts(ledger, "SELECT total(done), total(failed) FROM sessions");
  counts.step();
  const std::int64_t done = counts.number();
  if (done != tally.rows - failed || counts.number() != failed) refuse_damaged(file, "it has not as many rows as were written");
  return tally;
}

/// A link that is missing from the index of ids would be fetched, and entered, once more.
Tally check_index(Database& ledger, const std::filesystem::path& file) {
  Statement index(ledger, "SELECT id, seq FROM links INDEXED BY sqlite_autoindex_links_1 ORDER BY id");
  Tally tally;
  std::optional<std::int64_t> before;
  while (index.step()) {
    const std::int64_t id = index.number();
    if (before && id <= *before) refuse_damaged(file, "the index of the ids is out of order");
    before = id;
    tally.add(id, index.number());
  }
  return tally;
}

}  // namespace

void refuse_damaged(const std::filesystem::path& file, const std::string& why) {
  throw Stop(ExitCode::cannot_go_on,
             file.string() + " is damaged (" + why + "); move it away and run the same command again, which starts anew");
}

void check_ledger(Database& ledger, const std::filesystem::path& file) {
  ledger.execute("PRAGMA mmap_size = 0; PRAGMA cache_size = -8192; BEGIN");  // all of it as it is at one moment
  check_structure(ledger, file);
  if (check_rows(ledger, file) != check_index(ledger, file))
    refuse_damaged(file, "the index of the ids is not that of the rows");
  ledger.execute("COMMIT");
}

LedgerCheck::LedgerCheck(const std::filesystem::path& file)
    : ledger_(file, Database::Access::read), event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this, file] { run(file); });
}

LedgerCheck::~LedgerCheck() {
  while (!ended_) {
    ledger_.interrupt();  // reaches the statement that is running, not the next one
    std::this_thread::yield();
  }
  thread_.join();
  ::close(event_);
}

bool LedgerCheck::has_passed() {
  if (!ended_) return false;
  if (error_ != nullptr) std::rethrow_exception(error_);
  return true;
}

void LedgerCheck::run(const std::filesystem::path& file) {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice_value);  // on Linux of this thread alone
  try {
    check_ledger(ledger_, file);
  } catch (...) {
    error_ = std::current_exception();
  }
  ended_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

}  // namespace thumbline
