#pragma once
#include <string_view>

namespace thumbline {

/// Says whose file it is (PRAGMA application_id): "thmb".
inline constexpr int ledger_application_id = 0x74686d62;

/// The version of the tables below (PRAGMA user_version). To change them: raise it, write the new tables below, and add to
/// Ledger::open_tables the statements that make the new tables out of those of the version before, in one transaction. A
/// program never touches a ledger that is newer than itself, and readers of other people rely on the columns: add, never
/// rename.
inline constexpr int ledger_version = 3;

inline constexpr const char* ledger_tables = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

-- One row for each start of the collector.
CREATE TABLE sessions (
  session INTEGER PRIMARY KEY,
  started_us INTEGER NOT NULL,
  wall_us INTEGER NOT NULL DEFAULT 0,     -- from the start to the last commit
  invocation TEXT NOT NULL DEFAULT '',    -- of the launcher: its run has a session for each time that the collector was started
  done INTEGER NOT NULL DEFAULT 0,        -- by how many the rows with this outcome became more (or less, where they were replaced)
  failed INTEGER NOT NULL DEFAULT 0,
  links_read INTEGER NOT NULL DEFAULT 0,  -- how far the producer had read its list, repeats included
  checked INTEGER NOT NULL DEFAULT 0,     -- 1: all of the ledger was checked
  rebooted INTEGER NOT NULL DEFAULT 0,    -- 1: the machine had been started anew since the session before
  redone INTEGER NOT NULL DEFAULT 0       -- rows that were removed at the start: their files had not survived a power loss
);

-- One row for each link that has its outcome. Names of workers are host:pid; *_us are microseconds; those that began or ended
-- count from 1970 on the collector's clock. link and names that are no UTF-8 are BLOBs.
CREATE TABLE links (
  seq INTEGER PRIMARY KEY,           -- the order in which they ended; never used again
  id INTEGER NOT NULL UNIQUE,        -- the first 64 bits of the SHA-256 of the link, as a signed number
  link NOT NULL,
  name NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'failed')),
  reason TEXT CHECK ((reason IS NULL) = (outcome = 'done')),
  detail,
  attempts INTEGER NOT NULL,
  session INTEGER NOT NULL REFERENCES sessions,
  image,                             -- the original, below the folder; NULL where none was stored
  image_bytes INTEGER,
  http_status INTEGER,
  fetch_us INTEGER,                  -- NULL where nothing was transferred
  dns_us INTEGER,                    -- these three: from the start until then
  connect_us INTEGER,
  first_byte_us INTEGER,
  fetch_ended_us INTEGER,
  fetcher TEXT,
  thumbnail,
  thumbnail_bytes INTEGER,
  image_width INTEGER,
  image_height INTEGER,
  thumbnail_width INTEGER,
  thumbnail_height INTEGER,
  resize_us INTEGER,
  resize_ended_us INTEGER,
  resizer TEXT,
  digest INTEGER                     -- of session, outcome and the columns that Ledger names; NULL in rows of version 1
);
)sql";

inline constexpr const char* ledger_from_version_1 = "ALTER TABLE links ADD COLUMN digest INTEGER";

/// The counts of all rows go to the first session: only the sum over the sessions matters.
inline constexpr const char* ledger_from_version_2 = R"sql(
ALTER TABLE sessions ADD COLUMN invocation TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN links_read INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN checked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN rebooted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN redone INTEGER NOT NULL DEFAULT 0;
DELETE FROM meta WHERE key = 'forgot_failed_for';
UPDATE sessions SET failed = (SELECT count(*) FROM links WHERE outcome = 'failed') WHERE session = (SELECT min(session) FROM sessions);
UPDATE sessions SET done = (SELECT count(*) FROM links) - failed WHERE session = (SELECT min(session) FROM sessions);
)sql";

/// What Ledger writes and reads of a row, in this order, beside session and outcome.
inline constexpr std::string_view ledger_row_columns =
    "id, link, name, reason, detail, attempts, "
    "fetcher, image, image_bytes, http_status, fetch_us, dns_us, connect_us, first_byte_us, fetch_ended_us, "
    "resizer, thumbnail, thumbnail_bytes, image_width, image_height, thumbnail_width, thumbnail_height, resize_us, "
    "resize_ended_us";

inline constexpr int ledger_digest_columns = 26;  // those, session and outcome

}  // namespace thumbline
