#include "common/base/store_trial.h"

#include <unistd.h>

#include <random>

#include "common/base/aside_file.h"
#include "common/base/aside_folder.h"

namespace thumbline {
namespace {

/// Puts an empty file there, and takes it away again.
Result<void> put_file(const std::filesystem::path& run_folder, const std::string& folder) {
  std::random_device random;
  const std::string name = "trial-" + std::to_string(::getpid()) + "-" + std::to_string(random());
  auto file = AsideFile::create(AsideFolder(run_folder) / name);
  if (!file) return tl::unexpected(file.error());
  const std::filesystem::path final_name = run_folder / folder / ("." + name);
  if (auto put = file->commit(final_name); !put) return put;
  ::unlink(final_name.c_str());
  return {};
}

}  // namespace

void try_store(Failure& failure, const std::filesystem::path& run_folder, const std::string& folder) {
  if (failure.reason != Reason::io || failure.transient) return;
  const Result<void> put = put_file(run_folder, folder);
  if (put || put.error().reason != Reason::io || put.error().transient) return;
  failure = Failure(Reason::folder_unusable, put.error().detail);
}

}  // namespace thumbline
