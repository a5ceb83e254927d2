#pragma once
#include <cstdint>
#include <optional>

#include "collector/link_row.h"
#include "collector/sqlite.h"

namespace thumbline {

/// An unsigned number as SQLite keeps it: it has signed ones alone; the bits are the same.
inline std::int64_t to_sql(std::uint64_t id) {
  return static_cast<std::int64_t>(id);
}

/// Binds a row to the next parameters, in the order of `ledger_row_columns`. The row has to live until the statement is reset.
void bind_row(Statement& to, const LinkRow& row);

/// Reads a row from the next columns, in the same order.
LinkRow read_row(Statement& from);

/// From a duration and its end, as a row has them; nothing where nothing was done.
std::optional<Span> span(std::optional<std::int64_t> duration_us, std::int64_t ended_us);

}  // namespace thumbline
