#include "collector/ledger.h"

#include "collector/ledger_schema.h"
#include "common/base/crash_point.h"
#include "common/base/link_id.h"
#include "common/base/program.h"

namespace thumbline {
namespace {

std::int64_t to_sql(std::uint64_t id) {
  return static_cast<std::int64_t>(id);  // SQLite has no unsigned numbers; the bits are the same
}

void bind_or_null(Statement& statement, const std::string& text) {
  text.empty() ? statement.bind_nulls() : statement.bind(text);
}

// insert() and read_row() follow this order.
constexpr std::string_view row_columns =
    "id, link, name, reason, detail, attempts, "
    "fetcher, image, image_bytes, http_status, fetch_us, dns_us, connect_us, first_byte_us, fetch_ended_us, "
    "resizer, thumbnail, thumbnail_bytes, image_width, image_height, thumbnail_width, thumbnail_height, resize_us, "
    "resize_ended_us";

constexpr int row_columns_count = 26;  // with session and outcome

constexpr const char* from_version_1 = "ALTER TABLE links ADD COLUMN digest INTEGER";

[[noreturn]] void refuse_damaged(const std::filesystem::path& file, const std::string& why) {
  throw Stop(ExitCode::cannot_go_on,
             file.string() + " is damaged (" + why + "); move it away and run the same command again, which starts anew");
}

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

std::optional<Span> span(std::optional<std::int64_t> duration_us, std::int64_t ended_us) {
  if (!duration_us) return std::nullopt;
  return Span{ended_us - *duration_us, ended_us};
}

std::optional<LinkRow::Fetch> read_fetch(Statement& statement) {
  LinkRow::Fetch fetch;
  fetch.worker = statement.text();
  fetch.image = statement.text();
  const auto bytes = statement.optional_number();
  fetch.bytes = bytes.value_or(0);
  fetch.http_status = statement.number();
  const auto duration_us = statement.optional_number();
  fetch.dns_us = statement.number();
  fetch.connect_us = statement.number();
  fetch.first_byte_us = statement.number();
  fetch.span = span(duration_us, statement.number());
  if (!bytes) return std::nullopt;
  return fetch;
}

std::optional<LinkRow::Resize> read_resize(Statement& statement) {
  LinkRow::Resize resize;
  resize.worker = statement.text();
  resize.thumbnail = statement.text();
  resize.bytes = statement.number();
  resize.source_width = statement.number();
  resize.source_height = statement.number();
  resize.width = statement.number();
  resize.height = statement.number();
  const auto duration_us = statement.optional_number();
  const auto when = span(duration_us, statement.number());
  if (!when) return std::nullopt;
  resize.span = *when;
  return resize;
}

}  // namespace

Ledger::Ledger(const std::filesystem::path& file, WallTime started) : database_(not_emptied(file)) {
  open_tables(file);
  check(file);
  complete_ids();
  counts_.failed = static_cast<std::uint64_t>(database_.number("SELECT count(*) FROM links WHERE outcome = 'failed'"));
  counts_.done = static_cast<std::uint64_t>(database_.number("SELECT count(*) FROM links")) - counts_.failed;

  Statement begin(database_, "INSERT INTO sessions (started_us) VALUES (?) RETURNING session");
  begin.bind(us_since_1970(started)).step();
  session_ = begin.number();
  begin.run();

  insert_.emplace(database_, "INSERT INTO links (session, outcome, " + std::string(row_columns) +
                                 ", digest) VALUES (?,?, ?,?,?,?,?,?, ?,?,?,?,?,?,?,?,?, ?,?,?,?,?,?,?,?,?, ?) "
                                 "ON CONFLICT (id) DO NOTHING");
  keep_wall_.emplace(database_, "UPDATE sessions SET wall_us = ? WHERE session = ?");
}

void Ledger::open_tables(const std::filesystem::path& file) {
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
  database_.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
      "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -8192;");
  if (version == ledger_version) return;
  Transaction transaction(database_);
  database_.execute(fresh ? ledger_tables : from_version_1);
  database_.execute("PRAGMA application_id = " + std::to_string(ledger_application_id));
  database_.execute("PRAGMA user_version = " + std::to_string(ledger_version));
  transaction.commit();
}

void Ledger::check(const std::filesystem::path& file) {
  // All of it, indexes too: a link that is missing from the index of ids would be fetched, and entered, once more.
  Statement integrity(database_, "PRAGMA integrity_check(1)");
  if (const std::string said = integrity.step() ? integrity.text() : "no answer"; said != "ok") refuse_damaged(file, said);
  integrity.run();
  // SQLite does not see whether a value is another than was written.
  Statement rows(database_, "SELECT session, outcome, " + std::string(row_columns) + ", digest FROM links");
  while (rows.step()) {
    const std::int64_t found = rows.digest(row_columns_count);
    const auto written = rows.optional_number();
    if (written && *written != found) refuse_damaged(file, "a row is not what was written");
  }
}

/// Ids had 63 bits once. Those of an older ledger get their last bit, so that what it has is not done again.
void Ledger::complete_ids() {
  if (database_.number("SELECT count(*) FROM meta WHERE key = 'id_bits'") > 0) return;
  Transaction transaction(database_);
  Statement rows(database_, "SELECT seq, id, link, name FROM links ORDER BY seq");
  Statement change(database_, "UPDATE links SET id = ? WHERE seq = ?");
  Statement changed(database_, "SELECT session, outcome, " + std::string(row_columns) + ", digest FROM links WHERE seq = ?");
  Statement sign(database_, "UPDATE links SET digest = ? WHERE seq = ?");
  while (rows.step()) {
    const std::int64_t seq = rows.number();
    const auto bits = static_cast<std::uint64_t>(rows.number());
    const std::string link = rows.text();
    change.bind(to_sql(whole_link_id(bits, link, rows.text()).value_or(bits << 1U))).bind(seq).run();
    changed.bind(seq).step();
    const std::int64_t digest = changed.digest(row_columns_count);
    const bool had_one = changed.optional_number().has_value();
    changed.run();
    if (had_one) sign.bind(digest).bind(seq).run();
  }
  database_.execute("INSERT INTO meta (key, value) VALUES ('id_bits', 64)");
  transaction.commit();
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

std::uint64_t Ledger::forget_failed(std::uint64_t producer_session, const std::function<void(const std::string&)>& broken) {
  Transaction transaction(database_);
  Statement mark(database_,
                 "INSERT INTO meta (key, value) VALUES ('forgot_failed_for', ?1) "
                 "ON CONFLICT (key) DO UPDATE SET value = ?1 WHERE value IS NOT ?1");
  mark.bind(to_sql(producer_session)).run();
  if (database_.changes() == 0) return 0;
  Statement originals(database_, "SELECT image FROM links WHERE reason IN ('truncated', 'corrupt') AND image IS NOT NULL");
  while (originals.step()) broken(originals.text());
  database_.execute("DELETE FROM links WHERE outcome = 'failed'");
  const auto forgotten = static_cast<std::uint64_t>(database_.changes());
  transaction.commit();
  counts_.failed -= forgotten;
  return forgotten;
}

void Ledger::record(std::span<const LinkRow> rows, std::int64_t wall_us) {
  Counts added;
  Transaction transaction(database_);
  for (const LinkRow& row : rows) {
    insert(row);
    if (database_.changes() > 0) ++(row.reason.empty() ? added.done : added.failed);
  }
  if (added.settled() == 0) return;
  keep_wall_->bind(wall_us).bind(session_).run();
  crash_point(CrashPoint::collector_before_commit);
  transaction.commit();
  counts_.done += added.done;
  counts_.failed += added.failed;
}

void Ledger::insert(const LinkRow& row) {
  Statement& to = *insert_;
  to.bind(session_).bind(row.reason.empty() ? "done" : "failed");
  to.bind(to_sql(row.id)).bind(row.link).bind(row.name);
  bind_or_null(to, row.reason);
  bind_or_null(to, row.detail);
  to.bind(row.attempts);
  if (const auto& fetch = row.fetch) {
    bind_or_null(to, fetch->worker);
    bind_or_null(to, fetch->image);
    to.bind(fetch->bytes).bind(fetch->http_status);
    if (fetch->span) {
      to.bind(fetch->span->duration_us()).bind(fetch->dns_us).bind(fetch->connect_us).bind(fetch->first_byte_us);
      to.bind(fetch->span->ended_us);
    } else {
      to.bind_nulls(5);
    }
  } else {
    to.bind_nulls(9);
  }
  if (const auto& resize = row.resize) {
    bind_or_null(to, resize->worker);
    bind_or_null(to, resize->thumbnail);
    to.bind(resize->bytes).bind(resize->source_width).bind(resize->source_height).bind(resize->width).bind(resize->height);
    to.bind(resize->span.duration_us()).bind(resize->span.ended_us);
  } else {
    to.bind_nulls(9);
  }
  to.bind_digest().run();
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

void Ledger::each_row(const std::function<void(const LinkRow&)>& visit) {
  Statement statement(database_, "SELECT " + std::string(row_columns) + " FROM links ORDER BY seq");
  while (statement.step()) {
    LinkRow row;
    row.id = static_cast<std::uint64_t>(statement.number());
    row.link = statement.text();
    row.name = statement.text();
    row.reason = statement.text();
    row.detail = statement.text();
    row.attempts = statement.number();
    row.fetch = read_fetch(statement);
    row.resize = read_resize(statement);
    visit(row);
  }
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
