#include "collector/link_row.h"

#include <algorithm>

#include "common/base/reason.h"

namespace thumbline {
namespace {

/// Peers are let in by key, yet a number that is out of range must not end the run.
std::int64_t number(std::uint64_t value) {
  constexpr std::uint64_t most = std::uint64_t{1} << 62;
  return static_cast<std::int64_t>(std::min(value, most));
}

Span span(std::int64_t arrived_us, std::uint64_t ended_ago_us, std::uint64_t duration_us) {
  constexpr std::uint64_t year_us = 365ULL * 24 * 3600 * 1'000'000;
  const std::int64_t ended = arrived_us - number(std::min(ended_ago_us, year_us));
  return {ended - number(std::min(duration_us, year_us)), ended};
}

}  // namespace

std::int64_t us_since_1970(WallTime time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

bool names_a_link(const wire::Outcome& outcome) {
  return !outcome.url().empty() && outcome.attempt() > 0;
}

bool is_refusal(const wire::Outcome& outcome) {
  constexpr int service_unavailable = 503;
  const std::string& reason = outcome.failure().reason();
  return reason == Reason(Reason::rate_limited).text() || reason == Reason::http_status(service_unavailable).text();
}

bool is_final(const wire::Outcome& outcome) {
  if (outcome.handed_back() || (is_refusal(outcome) && outcome.failure().transient())) return false;
  return !outcome.has_failure() || !outcome.failure().transient() || outcome.last_attempt();
}

LinkRow link_row(const wire::Outcome& outcome, std::int64_t arrived_us) {
  LinkRow row{};
  row.id = outcome.id();
  row.link = outcome.url();
  row.name = outcome.name();
  row.attempts = outcome.tries();
  if (outcome.has_failure()) {
    const wire::Failure& failure = outcome.failure();
    const bool known = Reason::parse(failure.reason()).has_value();
    row.reason = known ? failure.reason() : Reason(Reason::io).text();
    row.detail = known ? failure.detail() : failure.reason() + ": " + failure.detail();
  }
  if (outcome.has_fetch()) {
    const wire::Fetch& fetch = outcome.fetch();
    row.fetch = LinkRow::Fetch{
        .image = fetch.path(),
        .span = std::nullopt,
        .bytes = number(fetch.bytes()),
        .http_status = fetch.http_status(),
        .dns_us = number(fetch.dns_us()),
        .connect_us = number(fetch.connect_us()),
        .first_byte_us = number(fetch.first_byte_us()),
        .worker = fetch.worker(),
    };
    if (!fetch.reused()) row.fetch->span = span(arrived_us, fetch.ended_ago_us(), fetch.duration_us());
  }
  if (outcome.has_resize()) {
    const wire::Resize& resize = outcome.resize();
    row.resize = LinkRow::Resize{
        .thumbnail = resize.path(),
        .span = span(arrived_us, resize.ended_ago_us(), resize.duration_us()),
        .source_width = resize.width(),
        .source_height = resize.height(),
        .width = resize.thumbnail_width(),
        .height = resize.thumbnail_height(),
        .bytes = number(resize.bytes()),
        .worker = resize.worker(),
    };
  }
  return row;
}

}  // namespace thumbline
