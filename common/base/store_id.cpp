#include "common/base/store_id.h"

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <span>

#include "common/base/aside_file.h"
#include "common/base/aside_folder.h"

namespace thumbline {
namespace {

constexpr const char* file_name = ".store-id";

}  // namespace

std::string store_id(const std::filesystem::path& folder) {
  std::ifstream in(folder / file_name);
  std::string id;
  std::getline(in, id);
  return id;
}

Result<std::string> make_store_id(const std::filesystem::path& folder, const std::string& fresh) {
  if (std::string id = store_id(folder); !id.empty()) return id;
  const std::filesystem::path file = folder / file_name;
  const std::string line = fresh + "\n";
  std::filesystem::path aside = AsideFolder(folder) / ("store-id-" + fresh);
  auto written = AsideFile::create(aside);
  if (!written) return tl::unexpected(written.error());
  if (const auto done = written->write(std::as_bytes(std::span(line))); !done) return tl::unexpected(done.error());
  // link(), not rename(): of two processes that come at the same time, the first one's id stays.
  if (::link(aside.c_str(), file.c_str()) != 0 && errno != EEXIST)
    return tl::unexpected(file_failure(errno, "cannot make", file));
  return store_id(folder);
}

}  // namespace thumbline
