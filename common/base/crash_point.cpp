#include "common/base/crash_point.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

namespace thumbline {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 23> names{
    "producer:has-read",       "producer:has-published",  "producer:has-judged",      "producer:has-receipt",
    "producer:has-farewell",   "fetcher:has-link",        "fetcher:has-half",         "fetcher:before-rename",
    "fetcher:after-rename",    "fetcher:has-offered",     "fetcher:has-reported",     "resizer:has-path",
    "resizer:before-rename",   "resizer:after-rename",    "resizer:has-reported",     "collector:has-outcomes",
    "collector:before-commit", "collector:after-commit",  "collector:has-answered",   "collector:has-greeted",
    "collector:before-files",  "collector:between-files", "collector:before-farewell"};
static_assert(names.size() == static_cast<std::size_t>(CrashPoint::collector_before_farewell) + 1);

const char* const armed = std::getenv("THUMBLINE_CRASH_AT");  // NOLINT(concurrency-mt-unsafe): before any thread

}  // namespace

std::string_view name_of(CrashPoint point) {
  return names.at(static_cast<std::size_t>(point));
}

void crash_point(CrashPoint point) {
  if (armed == nullptr) [[likely]]
    return;
  const std::string_view text(armed);
  const std::string_view name = name_of(point);
  if (!text.starts_with(name) || text.size() <= name.size() || text[name.size()] != ':') return;
  const int file = ::open(armed + name.size() + 1, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return;  // somebody died here before
  ::kill(::getpid(), SIGKILL);
}

}  // namespace thumbline
