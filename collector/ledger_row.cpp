#include "collector/ledger_row.h"

namespace thumbline {
namespace {

void bind_or_null(Statement& statement, const std::string& text) {
  text.empty() ? statement.bind_nulls() : statement.bind(text);
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

std::optional<Span> span(std::optional<std::int64_t> duration_us, std::int64_t ended_us) {
  if (!duration_us) return std::nullopt;
  return Span{ended_us - *duration_us, ended_us};
}

void bind_row(Statement& to, const LinkRow& row) {
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
}

LinkRow read_row(Statement& from) {
  LinkRow row;
  row.id = static_cast<std::uint64_t>(from.number());
  row.link = from.text();
  row.name = from.text();
  row.reason = from.text();
  row.detail = from.text();
  row.attempts = from.number();
  row.fetch = read_fetch(from);
  row.resize = read_resize(from);
  return row;
}

}  // namespace thumbline
