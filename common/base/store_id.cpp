#include "common/base/store_id.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <span>
#include <system_error>

#include "common/base/aside_file.h"
#include "common/base/aside_folder.h"

namespace thumbline {
namespace {

constexpr const char* file_name = ".store-id";
constexpr std::size_t longest = 64;

/// Empty where there is none, and where it is none.
std::string read_id(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string id;
  std::getline(in, id);
  const bool is_id = id.size() <= longest && std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) != 0; });
  return is_id ? id : std::string();
}

/// What a power cut may leave of it.
bool has_lost_its_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::array<char, longest + 1> bytes{};
  in.read(bytes.data(), bytes.size());
  return in.eof() && std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

/// Puts such a file out of the way. Somebody else may do so, too, and have put one there with an id meanwhile: that comes back.
void remove_damaged(const std::filesystem::path& folder, const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(file, ignored)) || !has_lost_its_bytes(file)) return;
  const std::filesystem::path aside = folder / AsideFolder::fresh_name(file_name);
  if (::rename(file.c_str(), aside.c_str()) != 0) return;
  if (!read_id(aside).empty() && ::link(aside.c_str(), file.c_str()) != 0 && errno != EEXIST) return;
  ::unlink(aside.c_str());
}

}  // namespace

std::string store_id(const std::filesystem::path& folder) {
  return read_id(folder / file_name);
}

Result<std::string> make_store_id(const std::filesystem::path& folder, const std::string& fresh) {
  if (std::string id = store_id(folder); !id.empty()) return id;
  const std::filesystem::path file = folder / file_name;
  remove_damaged(folder, file);
  auto written = AsideFile::create(folder / AsideFolder::fresh_name(file_name));
  if (!written) return tl::unexpected(written.error());
  const std::string line = fresh + "\n";
  if (const auto done = written->write(std::as_bytes(std::span(line))); !done) return tl::unexpected(done.error());
  // Of two processes that come at the same time, the first one's id stays.
  if (const auto first = written->commit_if_first(file); !first) return tl::unexpected(first.error());
  if (std::string id = store_id(folder); !id.empty()) return id;
  return failed(Reason::io, file.string() + " has no id in it: remove it");
}

}  // namespace thumbline
