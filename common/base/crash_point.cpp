#include "common/base/crash_point.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>

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

// NOLINTBEGIN(concurrency-mt-unsafe): before any thread
const char* const crash_at = std::getenv("THUMBLINE_CRASH_AT");
const char* const hang_at = std::getenv("THUMBLINE_HANG_AT");
const char* const throw_at = std::getenv("THUMBLINE_THROW_AT");
// NOLINTEND(concurrency-mt-unsafe)
const bool armed = crash_at != nullptr || hang_at != nullptr || throw_at != nullptr;

/// Whether `order`, NAME:FILE, is for this point, and for the first who comes by.
bool is_first(const char* order, std::string_view name) {
  if (order == nullptr) return false;
  const std::string_view text(order);
  if (!text.starts_with(name) || text.size() <= name.size() || text[name.size()] != ':') return false;
  const int file = ::open(order + name.size() + 1, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return false;  // somebody was here before
  ::close(file);
  return true;
}

[[noreturn]] void hang() {
  static std::atomic<bool> is_over = false;
  while (!is_over.load(std::memory_order_relaxed)) {
  }
  std::abort();
}

}  // namespace

std::string_view name_of(CrashPoint point) {
  return names.at(static_cast<std::size_t>(point));
}

void crash_point(CrashPoint point) {
  if (!armed) [[likely]]
    return;
  const std::string_view name = name_of(point);
  if (is_first(crash_at, name)) ::kill(::getpid(), SIGKILL);
  if (is_first(hang_at, name)) hang();
  if (is_first(throw_at, name)) throw std::runtime_error("told to fail at " + std::string(name));
}

}  // namespace thumbline
