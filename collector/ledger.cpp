#include "collector/ledger.h"

#include <algorithm>
#include <vector>

#include "collector/ledger_check.h"
#include "collector/ledger_row.h"
#include "collector/ledger_schema.h"
#include "common/base/boot_id.h"
#include "common/base/crash_point.h"
#include "common/base/link_id.h"
#include "common/base/program.h"

namespace thumbline {
namespace {

/// A ledger that has lost all its bytes looks like a new one, and all that it knew would be forgotten without a word.
const std::filesystem::path& not_emptied(const std::filesystem::path& file) {
  std::error_code none;
  const auto has_files = [&](const char* folder) {
    const auto path = file.parent_path() / folder;
    return std::filesystem::is_directory(path, none) && !std::filesystem::is_empty(path, none);
  };
  const auto is_empty = [&none](const std::filesystem::path& path) {
    const auto size = std::filesystem::file_size(path, none);
    return !none && size == 0;
  };
  const bool has_wal = std::filesystem::exists(file.string() + "-wal", none) && !is_empty(file.string() + "-wal");
  if (is_empty(file) && !has_wal && (has_files("images") || has_files("thumbnails")))
    refuse_damaged(file, "it is empty, though there are pictures");
  return file;
}

}  // namespace

Ledger::Ledger(const std::filesystem::path& file, WallTime started, const std::string& invocation, bool wal)
    : database_(not_emptied(file)), uses_wal_(wal) {
  open_tables(file);
  Statement counts(database_, "SELECT total(done), total(failed) FROM sessions");
  counts.step();
  counts_.done = static_cast<std::uint64_t>(counts.number());
  counts_.failed = static_cast<std::uint64_t>(counts.number());
  counts.run();
  next_seq_ = std::max(last_seq(), synced().seq) + 1;

  Statement begin(database_, "INSERT INTO sessions (started_us, invocation) VALUES (?, ?) RETURNING session");
  begin.bind(us_since_1970(started)).bind(invocation).step();
  session_ = first_session_ = begin.number();
  begin.run();
  if (!invocation.empty()) look_back(invocation);

  insert_.emplace(database_, "INSERT INTO links (session, outcome, " + std::string(ledger_row_columns) +
                                 ", digest, seq) VALUES (?,?, ?,?,?,?,?,?, ?,?,?,?,?,?,?,?,?, ?,?,?,?,?,?,?,?,?, ?,?) "
                                 "ON CONFLICT (id) DO NOTHING");
  keep_session_.emplace(database_, "UPDATE sessions SET wall_us = ?, done = done + ?, failed = failed + ? WHERE session = ?");
}

/// What the processes before this one left that the same launcher had started.
void Ledger::look_back(const std::string& invocation) {
  Statement earlier(database_,
                    "SELECT min(session), max(checked), max(links_read), max(rebooted) FROM sessions WHERE invocation = ?");
  earlier.bind(invocation).step();
  first_session_ = earlier.number();
  is_checked_ = earlier.number() != 0;
  links_read_ = static_cast<std::uint64_t>(earlier.number());
  has_rebooted_ = earlier.number() != 0;
}

void Ledger::open_tables(const std::filesystem::path& file) {
  // Memory that processes share is what a network file system does not have; one process alone needs none for a WAL. This is
  // for a ledger that was moved there, until it has its other journal.
  if (!uses_wal_) database_.execute("PRAGMA locking_mode = EXCLUSIVE");
  const bool fresh = database_.number("SELECT count(*) FROM sqlite_schema") == 0;
  const std::int64_t version = database_.number("PRAGMA user_version");
  if (!fresh && database_.number("PRAGMA application_id") != ledger_application_id) {
    throw Stop(ExitCode::cannot_go_on, file.string() + " is no ledger of thumbline; choose another folder, or move it away");
  }
  if (version > ledger_version) {
    throw Stop(ExitCode::cannot_go_on, file.string() + " was made by a newer thumbline (format " + std::to_string(version) +
                                           ", this one knows " + std::to_string(ledger_version) + "); use that one");
  }
  // Others may read the ledger while the run goes on. With synchronous=NORMAL it is synced when the WAL is moved into the file;
  // 16 MB between two of those keep that off a slow disk's back. The cache bounds the memory, whatever the number of links.
  // Without a WAL, a commit that is not synced could leave half of itself (sqlite.org/pragma.html#pragma_synchronous).
  database_.execute(uses_wal_ ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000;"
                                "PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -8192;"
                              : "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;"
                                "PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema;");
  if (version == ledger_version) return;
  Transaction transaction(database_);
  if (fresh) database_.execute(ledger_tables);
  if (!fresh && version < 2) database_.execute(ledger_from_version_1);
  if (!fresh) {
    database_.execute(ledger_from_version_2);
    complete_ids(file);
  }
  // Of older rows nobody knows whether their files are on the disk; they were never said to be.
  set_synced({boot_id(), last_seq(), static_cast<std::int64_t>(to_us(now().time_since_epoch()))});
  database_.execute("PRAGMA application_id = " + std::to_string(ledger_application_id));
  database_.execute("PRAGMA user_version = " + std::to_string(ledger_version));
  transaction.commit();
}

void Ledger::set_checked() {
  Statement statement(database_, "UPDATE sessions SET checked = 1 WHERE session = ?");
  statement.bind(session_).run();
  is_checked_ = true;
}

Ledger::Synced Ledger::synced() {
  Statement statement(database_,
                      "SELECT key, value FROM meta WHERE key IN ('synced_boot', 'synced_seq', 'synced_us') ORDER BY key");
  Synced synced;
  while (statement.step()) {
    const std::string key = statement.text();
    if (key == "synced_boot") synced.boot = statement.text();
    if (key == "synced_seq") synced.seq = statement.number();
    if (key == "synced_us") synced.at_us = statement.number();
  }
  return synced;
}

void Ledger::set_synced(const Synced& synced) {
  Statement statement(
      database_, "INSERT OR REPLACE INTO meta (key, value) VALUES ('synced_boot', ?), ('synced_seq', ?), ('synced_us', ?)");
  statement.bind(synced.boot).bind(synced.seq).bind(synced.at_us).run();
}

std::int64_t Ledger::last_seq() {
  return database_.number("SELECT max(seq) FROM links");
}

/// Ids had 63 bits once. Those of an older ledger get their last bit, so that what it has is not done again. The largest one is
/// first: it moves to where no other one is. Rows are signed anew for that, so they have to be what was written.
void Ledger::complete_ids(const std::filesystem::path& file) {
  std::vector<std::int64_t> largest_first;
  Statement all(database_, "SELECT seq FROM links ORDER BY id DESC");
  while (all.step()) largest_first.push_back(all.number());
  Statement row(database_, "SELECT id, link, name FROM links WHERE seq = ?");
  Statement change(database_, "UPDATE links SET id = ? WHERE seq = ?");
  Statement digested(database_,
                     "SELECT session, outcome, " + std::string(ledger_row_columns) + ", digest FROM links WHERE seq = ?");
  Statement sign(database_, "UPDATE links SET digest = ? WHERE seq = ?");
  for (const std::int64_t seq : largest_first) {
    digested.bind(seq).step();
    const std::int64_t found = digested.digest(ledger_digest_columns);
    const std::optional<std::int64_t> written = digested.optional_number();
    digested.run();
    if (written && *written != found) refuse_damaged(file, "a row is not what was written");
    row.bind(seq).step();
    const auto bits = static_cast<std::uint64_t>(row.number());
    const std::string link = row.text();
    const std::uint64_t id = whole_link_id(bits, link, row.text()).value_or(bits << 1U);
    row.run();
    change.bind(to_sql(id)).bind(seq).run();
    if (!written) continue;
    digested.bind(seq).step();
    sign.bind(digested.digest(ledger_digest_columns)).bind(seq);
    digested.run();
    sign.run();
  }
}

std::optional<std::string> Ledger::settings() {
  Statement statement(database_, "SELECT value FROM meta WHERE key = 'settings'");
  if (!statement.step()) return std::nullopt;
  return statement.text();
}

void Ledger::set_settings(const std::string& text) {
  Statement statement(database_, "INSERT OR REPLACE INTO meta (key, value) VALUES ('settings', ?)");
  statement.bind(text).run();
}

std::string Ledger::run() {
  database_.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('run', lower(hex(randomblob(16))))");
  Statement statement(database_, "SELECT value FROM meta WHERE key = 'run'");
  statement.step();
  return statement.text();
}

std::optional<std::string> Ledger::try_again(std::uint64_t id) {
  Statement failed(database_,
                   "SELECT reason IN ('truncated', 'corrupt'), image FROM links "
                   "WHERE id = ? AND outcome = 'failed' AND session < ?");
  if (!failed.bind(to_sql(id)).bind(first_session_).step()) return std::nullopt;
  out_again_.insert(id);
  const bool is_broken = failed.number() != 0;
  std::string image = failed.text();
  if (!is_broken || image.empty()) return std::nullopt;
  return image;
}

void Ledger::begin_in_new_boot(const std::string& boot, std::span<const std::uint64_t> lost) {
  Transaction transaction(database_);
  Counts removed;
  Statement erase(database_, "DELETE FROM links WHERE id = ? RETURNING outcome = 'failed'");
  for (const std::uint64_t id : lost) {
    if (erase.bind(to_sql(id)).step()) ++(erase.number() != 0 ? removed.failed : removed.done);
    erase.run();
  }
  Statement session(database_,
                    "UPDATE sessions SET done = done - ?, failed = failed - ?, redone = ?, rebooted = 1 WHERE session = ?");
  session.bind(static_cast<std::int64_t>(removed.done)).bind(static_cast<std::int64_t>(removed.failed));
  session.bind(static_cast<std::int64_t>(removed.settled())).bind(session_).run();
  set_synced({boot, next_seq_ - 1, static_cast<std::int64_t>(to_us(now().time_since_epoch()))});
  transaction.commit();
  counts_.done -= removed.done;
  counts_.failed -= removed.failed;
  has_rebooted_ = true;
}

void Ledger::note_links_read(std::uint64_t links) {
  if (links <= links_read_) return;
  links_read_ = links;
  Statement statement(database_, "UPDATE sessions SET links_read = ? WHERE session = ?");
  statement.bind(static_cast<std::int64_t>(links)).bind(session_).run();
}

void Ledger::record(std::span<const LinkRow> rows, std::int64_t wall_us, const std::function<void(const LinkRow&)>& added) {
  Counts before = counts_;
  const std::int64_t seq_before = next_seq_;
  Transaction transaction(database_);
  try {
    for (const LinkRow& row : rows) {
      if (replaces_failed_) counts_.failed -= remove_failed(row.id);
      insert_->bind(session_).bind(row.reason.empty() ? "done" : "failed");
      bind_row(*insert_, row);
      insert_->bind_digest().bind(next_seq_).run();
      if (database_.changes() == 0) continue;
      ++next_seq_;
      ++(row.reason.empty() ? counts_.done : counts_.failed);
      if (added) added(row);
    }
  } catch (...) {
    counts_ = before;
    throw;
  }
  if (next_seq_ == seq_before) return;
  const auto more = [](std::uint64_t now, std::uint64_t then) { return static_cast<std::int64_t>(now - then); };
  keep_session_->bind(wall_us).bind(more(counts_.done, before.done)).bind(more(counts_.failed, before.failed));
  keep_session_->bind(session_).run();
  crash_point(CrashPoint::collector_before_commit);
  transaction.commit();
  for (const LinkRow& row : rows) out_again_.erase(row.id);
}

/// 1 where the link had failed before this run, and so is to have another outcome.
std::uint64_t Ledger::remove_failed(std::uint64_t id) {
  if (!remove_failed_) {
    remove_failed_.emplace(database_, "DELETE FROM links WHERE id = ? AND outcome = 'failed' AND session < ?");
  }
  remove_failed_->bind(to_sql(id)).bind(first_session_).run();
  return static_cast<std::uint64_t>(database_.changes());
}

std::int64_t Ledger::wall_us() {
  return database_.number("SELECT total(wall_us) FROM sessions");
}

std::vector<std::uint64_t> Ledger::ids_after(std::optional<std::uint64_t> after, std::int64_t limit) {
  // Nothing but the index of the ids is read.
  Statement statement(database_, after ? "SELECT id FROM links WHERE id > ?2 ORDER BY id LIMIT ?1"
                                       : "SELECT id FROM links ORDER BY id LIMIT ?1");
  statement.bind(limit);
  if (after) statement.bind(to_sql(*after));
  std::vector<std::uint64_t> ids;
  while (statement.step()) ids.push_back(static_cast<std::uint64_t>(statement.number()));
  return ids;
}

std::vector<std::uint64_t> Ledger::failed_before(std::int64_t& after_seq, std::int64_t limit) {
  Statement statement(database_,
                      "SELECT seq, id FROM links WHERE seq > ? AND outcome = 'failed' AND session < ? ORDER BY seq LIMIT ?");
  statement.bind(after_seq).bind(first_session_).bind(limit);
  std::vector<std::uint64_t> ids;
  while (statement.step()) {
    after_seq = statement.number();
    ids.push_back(static_cast<std::uint64_t>(statement.number()));
  }
  return ids;
}

void Ledger::each_row(const std::function<void(const LinkRow&)>& visit, std::int64_t after_seq) {
  Statement statement(database_, "SELECT " + std::string(ledger_row_columns) + " FROM links WHERE seq > ? ORDER BY seq");
  statement.bind(after_seq);
  while (statement.step()) visit(read_row(statement));
}

void Ledger::each_facts(const std::function<void(const LinkFacts&)>& visit) {
  Statement statement(database_,
                      "SELECT reason, attempts, session, image IS NOT NULL, image_bytes, fetch_us, fetch_ended_us, "
                      "thumbnail IS NOT NULL, thumbnail_bytes, resize_us, resize_ended_us FROM links ORDER BY seq");
  const auto read_stage = [&statement] {
    LinkFacts::Stage stage;
    stage.delivered = statement.number() != 0;
    stage.bytes = static_cast<std::uint64_t>(statement.number());
    const auto duration_us = statement.optional_number();
    stage.span = span(duration_us, statement.number());
    return stage;
  };
  while (statement.step()) {
    LinkFacts facts;
    facts.reason = statement.view();
    facts.attempts = static_cast<std::uint64_t>(statement.number());
    facts.session = statement.number();
    facts.fetch = read_stage();
    facts.resize = read_stage();
    visit(facts);
  }
}

}  // namespace thumbline
