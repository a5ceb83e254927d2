#include "collector/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <system_error>

#include "collector/thumbnail_folder.h"
#include "common/base/aside_file.h"
#include "common/base/aside_folder.h"
#include "common/base/program.h"
#include "common/base/run_folder_owner.h"

namespace thumbline {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

[[noreturn]] void refuse(const std::filesystem::path& folder, const std::string& why) {
  throw Stop(ExitCode::bad_usage, "cannot write to --out " + folder.string() + ": " + why);
}

template <class Value>
Value expect(Result<Value> result) {
  if (!result) {
    const bool full = result.error().reason == Reason::disk_full;
    throw Stop(ExitCode::cannot_go_on,
               full ? "no room left: " + result.error().detail + "; make room and run the same command again"
                    : result.error().detail + "; run the same command again");
  }
  if constexpr (!std::is_void_v<Value>) return std::move(*result);
}

}  // namespace

RunFolder::RunFolder(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) refuse(folder_, error.message());
  if (const auto own = check_run_folder_owner(folder_); !own) refuse(folder_, own.error().detail);
  check_files();
  lock_ = ::open(file(".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock_ < 0) refuse(folder_, std::generic_category().message(errno));
  // The kernel gives the lock back when the process ends, however it ends.
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const int why = errno;
    ::close(lock_);
    if (why != EWOULDBLOCK) refuse(folder_, "its file system has no locks: " + std::generic_category().message(why));
    throw Stop(ExitCode::cannot_go_on,
               "another run is working in " + folder_.string() + "; wait until it is over, or choose another --out");
  }
}

/// Where no run has begun, nobody has made these for one. A launcher that is there has looked itself, and has left its mark.
void RunFolder::check_files() const {
  std::error_code none;
  if (std::filesystem::exists(file("ledger.sqlite"), none) || std::filesystem::exists(file(".thumbline"), none)) return;
  for (const char* name : {"results.csv", "summary.json"}) {
    if (!std::filesystem::exists(file(name), none)) continue;
    refuse(folder_, file(name).string() + " is there already, and no ledger: give a folder of its own, or move it away");
  }
}

RunFolder::~RunFolder() {
  ::close(lock_);
}

void RunFolder::remove_picture(const std::string& path) const {
  const std::filesystem::path picture(path);
  const bool is_original = picture.parent_path() == "images" && picture.filename() != "..";
  if (!is_original && !ThumbnailFolder::is_below(path)) return;
  std::error_code ignored;
  std::filesystem::remove(folder_ / picture, ignored);
}

void RunFolder::write(const std::string& name, const std::function<void(const Append&)>& body) const {
  AsideFile aside = expect(AsideFile::create(file(AsideFolder::fresh_name("." + name))));
  std::string piece;
  const auto flush = [&] {
    expect(aside.write(std::as_bytes(std::span(piece))));
    piece.clear();
  };
  body([&](std::string_view text) {
    piece += text;
    if (piece.size() >= piece_bytes) flush();
  });
  flush();
  expect(aside.commit(file(name)));
}

}  // namespace thumbline
