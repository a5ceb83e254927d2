// Messages, decoded and understood as the programs do.
#include <array>
#include <set>
#include <string>
#include <vector>

#include "collector/link_row.h"
#include "collector/outcome_check.h"
#include "collector/results_csv.h"
#include "collector/thumbnail_folder.h"
#include "common/base/printable.h"
#include "common/base/thumbnail_name.h"
#include "common/base/utf8.h"
#include "fetcher/request_url.h"
#include "fetcher/store.h"
#include "producer/lease_book.h"
#include "resizer/wire_recipe.h"
#include "tests/fuzz/input.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

using namespace std::chrono_literals;

/// As receive() in common/net/message.h.
template <class Message>
bool parse(Message& message, std::string_view bytes) {
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return false;
  Message again;
  require(again.ParseFromString(message.SerializeAsString()), "what was received can be passed on");
  return true;
}

/// The fields of a line (RFC 4180).
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[i++];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  require(!quoted && fields.back().ends_with('\n'), "a line ends where it ends");
  fields.back().pop_back();
  return fields;
}

/// Without the apostrophe that keeps a spreadsheet from calculating the cell.
std::string text_of(const std::string& cell) {
  return cell.starts_with('\'') ? cell.substr(1) : cell;
}

void check_outcome(const wire::Outcome& outcome) {
  constexpr std::int64_t now_us = 1'700'000'000'000'000;
  (void)is_final(outcome);
  if (misfit(outcome, {}).empty() && !outcome.resize().thumbnail().empty()) {
    require(ThumbnailFolder::is_below(outcome.resize().path()), "a thumbnail that is written goes into its folder");
  }
  wire::Outcome refused = outcome;
  refuse(refused, "");
  require(misfit(refused, {true, true}).empty() && refused.resize().thumbnail().empty(), "what is refused writes nothing");
  const LinkRow row = link_row(outcome, now_us);
  require(row.reason.empty() || Reason::parse(row.reason), "a reason in the ledger is one of ours");
  require(row.reason.empty() == !outcome.has_failure(), "what failed has a reason");
  if (row.fetch && row.fetch->span) require(row.fetch->span->duration_us() >= 0, "nothing ends before it starts");
  if (row.resize) require(row.resize->span.duration_us() >= 0, "nothing ends before it starts");
  const std::string line = csv_line(row);
  const bool has_odd_paths = !is_utf8(row.link + row.name) || (row.fetch && !is_utf8(row.fetch->image)) ||
                             (row.resize && !is_utf8(row.resize->thumbnail));
  require(is_utf8(line) || has_odd_paths, "results.csv is UTF-8, but for paths that are not");
  static const std::size_t columns = fields_of(csv_heading()).size();
  const auto fields = fields_of(line);
  require(fields.size() == columns, "a line has all columns");
  require(has_odd_paths || text_of(fields[0]) == visible(as_utf8(row.link)), "a field says what it is to say");
  require(text_of(fields[4]) == visible(as_utf8(row.detail)), "a field says what it is to say");
}

/// Whatever a producer is told, each of its links is settled or comes up again within the hour that a server may ask for, and
/// the minutes of a lease and a backoff.
void check_receipts(const wire::ToProducer& answer) {
  LeaseBook book({});
  const Moment start{24h};
  for (std::uint64_t id = 0; id < 4; ++id) book.add(Link{id, "http://host/", "name", {}, {}});
  while (book.next(start)) book.published(start);
  for (const wire::Receipt& receipt : answer.receipts()) {
    if (receipt.has_refusal()) {
      Failure failure(Reason::rate_limited, receipt.refusal().detail());
      failure.retry_after = std::chrono::milliseconds(receipt.refusal().retry_after_ms());
      failure.asked_by = receipt.refusal().asked_by();
      book.refused({receipt.id() % 4, receipt.attempt(), failure, receipt.settled()}, 0.5, start + 1s);
    } else if (receipt.settled()) {
      book.settled(receipt.id() % 4, start + 1s);
    } else {
      book.try_again({receipt.id() % 4, receipt.attempt(), std::chrono::milliseconds(receipt.retry_after_ms())}, 0.5,
                     start + 1s);
    }
  }
  const std::size_t left = book.size();
  std::set<std::uint64_t> published;
  for (Moment time = start + 1h; time < start + 1h + 20min; time += 1s) {  // a host that refuses gets them one after the other
    book.tick(time);
    while (const auto work = book.next(time)) {
      published.insert(work->link->id);
      book.published(time);
    }
  }
  require(published.size() == left, "no answer keeps a link from coming up again");
}

void check_link(const wire::Link& link) {
  if (!Store::is_file_name(link.name())) return;
  const std::filesystem::path path = Store::picture_path(link.name(), ImageKind::jpeg);
  require(path.parent_path() == "images" && path.lexically_normal() == path, "a picture goes into its folder");
  (void)request_url(link.url());
}

void check_path(const wire::Path& path) {
  const Recipe recipe = recipe_of(path.recipe());
  require(recipe.width >= 1 && recipe.width <= 65'535 && recipe.height >= 1 && recipe.height <= 65'535, "sizes are in range");
  require(recipe.quality >= 1 && recipe.quality <= 100, "quality is in range");
  const std::string target = thumbnail_path(path.name(), path.extension(), ImageKind::png);
  if (target.empty()) return;
  const std::filesystem::path normal = std::filesystem::path(target).lexically_normal();
  require(*normal.begin() == "thumbnails", "a thumbnail goes into its folder");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const int kind = input.below(5);
  const std::string_view bytes = input.text();
  if (wire::ToCollector message; kind == 0 && parse(message, bytes)) {
    for (const wire::Outcome& outcome : message.outcomes()) check_outcome(outcome);
  }
  if (wire::ToProducer message; kind == 1 && parse(message, bytes)) check_receipts(message);
  if (wire::Link message; kind == 2 && parse(message, bytes)) check_link(message);
  if (wire::Path message; kind == 3 && parse(message, bytes)) check_path(message);
  if (wire::Credit message; kind == 4) parse(message, bytes);
  return 0;
}
