#include "common/net/workplace.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <system_error>

#include "common/base/program.h"
#include "common/base/run_folder_owner.h"
#include "common/base/store_id.h"

namespace thumbline {
namespace {

/// XDG Base Directory Specification.
std::filesystem::path cache_folder() {
  if (const char* given = std::getenv("XDG_CACHE_HOME"); given != nullptr && *given == '/') return given;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : "/tmp") / ".cache";
}

void require_own(const std::string& folder) {
  if (const auto own = check_run_folder_owner(folder); !own) throw Stop(ExitCode::bad_usage, own.error().detail);
}

Workplace own_workplace(const std::string& folder) {
  require_own(folder);
  const Result<std::string> id = make_store_id(folder, fresh_store_id());
  if (!id) throw Stop(ExitCode::cannot_go_on, "cannot work in " + folder + ": " + id.error().detail);
  return {folder, *id, false};
}

[[noreturn]] void refuse(const wire::Places& places, const std::string& folder) {
  const bool is_there = std::filesystem::is_directory(folder);
  throw Stop(ExitCode::bad_usage,
             folder + (is_there ? " is not the run's folder" : " is not there") + ", which the head has at " + places.folder() +
                 ": say at which path this host sees it (--folder), or let the head run with --store local");
}

}  // namespace

std::string fresh_store_id() {
  std::random_device random;
  std::array<char, 33> text{};
  std::snprintf(text.data(), text.size(), "%08x%08x%08x%08x", random(), random(), random(), random());
  return text.data();
}

Workplace find_workplace(const wire::Places& places, const std::string& folder) {
  const std::string shared = folder.empty() ? places.folder() : folder;
  if (!shared.empty() && !places.store().empty() && store_id(shared) == places.store()) {
    if (::access(shared.c_str(), W_OK) != 0) {
      throw Stop(ExitCode::bad_usage,
                 "this host may read " + shared + ", and not write there: " + std::generic_category().message(errno));
    }
    require_own(shared);
    return {shared, places.store(), true};
  }
  if (!places.local()) refuse(places, shared);
  const std::string run = places.store().substr(0, places.store().find_first_not_of("0123456789abcdef"));
  return own_workplace(folder.empty() ? (cache_folder() / "thumbline" / run).string() : folder);
}

}  // namespace thumbline
