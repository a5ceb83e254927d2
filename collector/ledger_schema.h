#pragma once

namespace thumbline {

/// Says whose file it is (PRAGMA application_id): "thmb".
inline constexpr int ledger_application_id = 0x74686d62;

/// The version of the tables below (PRAGMA user_version). To change them: raise it, write the new tables below, and add to
/// Ledger::open_tables the statements that make the new tables out of those of the version before, in one transaction. A
/// program never touches a ledger that is newer than itself, and readers of other people rely on the columns: add, never
/// rename.
inline constexpr int ledger_version = 2;

inline constexpr const char* ledger_tables = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

-- One row for each start of the collector; wall_us: from there to its last commit.
CREATE TABLE sessions (session INTEGER PRIMARY KEY, started_us INTEGER NOT NULL, wall_us INTEGER NOT NULL DEFAULT 0);

-- One row for each link that has its outcome. Names of workers are host:pid; *_us are microseconds; those that began or ended
-- count from 1970 on the collector's clock. link and names that are no UTF-8 are BLOBs.
CREATE TABLE links (
  seq INTEGER PRIMARY KEY,           -- the order in which they ended
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

}  // namespace thumbline
