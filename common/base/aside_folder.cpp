#include "common/base/aside_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <random>
#include <string>
#include <system_error>

#include "common/base/aside_file.h"

namespace thumbline {
namespace {

constexpr std::string_view suffix = ".part";
constexpr std::size_t random_digits = 16;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

/// "-HOST-PID-RANDOM-" of this process.
std::string process_part() {
  std::array<char, 65> host{};
  ::gethostname(host.data(), host.size() - 1);
  std::string name(host.data());
  std::ranges::replace_if(
      name, [](char c) { return !is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '.'; }, '_');
  std::random_device random;
  std::array<char, random_digits + 1> number{};
  std::snprintf(number.data(), number.size(), "%08x%08x", random(), random());
  return "-" + name + "-" + std::to_string(::getpid()) + "-" + number.data() + "-";
}

/// Cuts the last part off, from its dash on, and returns it; empty where there is no dash.
std::string_view take_last_part(std::string_view& name) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view part = name.substr(dash + 1);
  name = name.substr(0, dash);
  return part;
}

}  // namespace

std::filesystem::path AsideFolder::fresh(std::string_view label) const {
  return path_ / fresh_name(label);
}

std::string AsideFolder::fresh_name(std::string_view label) {
  static const std::string process = process_part();
  static std::atomic<std::uint64_t> count = 0;
  std::string name(label);
  return name.append(process).append(std::to_string(count.fetch_add(1, std::memory_order_relaxed))).append(suffix);
}

bool AsideFolder::is_ours(std::string_view name) {
  if (!name.ends_with(suffix)) return false;
  name.remove_suffix(suffix.size());
  std::string_view random = take_last_part(name);
  // Files of the launcher (scripts/launcher/whole_file.py) have no number behind it.
  if (random.size() != random_digits && !random.empty() && std::ranges::all_of(random, is_digit)) random = take_last_part(name);
  if (random.size() != random_digits || !std::ranges::all_of(random, is_hex_digit)) return false;
  const std::string_view process = take_last_part(name);
  return !process.empty() && std::ranges::all_of(process, is_digit) && !name.empty();
}

void AsideFolder::sweep(std::chrono::seconds older) const {
  std::error_code error;
  if (!std::filesystem::is_directory(path_, error)) return;
  const auto young = AsideFile::create(fresh("now"));
  struct stat now {};
  if (!young || ::fstat(young->fd(), &now) != 0) return;
  for (auto entry = std::filesystem::directory_iterator(path_, error); !error && entry != std::filesystem::directory_iterator();
       entry.increment(error)) {
    struct stat info {};
    const std::filesystem::path& file = entry->path();
    if (!is_ours(file.filename().string()) || ::lstat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    if (now.st_mtime - info.st_mtime > older.count()) ::unlink(file.c_str());
  }
}

void AsideFolder::remove_if_empty() const {
  ::rmdir(path_.c_str());  // std::filesystem::remove would also take a link away
}

}  // namespace thumbline
