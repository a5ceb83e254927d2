#include "common/net/run_key.h"

#include <fcntl.h>
#include <sodium/crypto_generichash.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>

#include "common/base/aside_folder.h"
#include "common/base/program.h"

namespace thumbline {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t z85_length = 40;

// The words before the keys in the files.
constexpr const char* coordinator_secret = "coordinator-secret";
constexpr const char* coordinator_public = "coordinator-public";
constexpr const char* worker_secret = "worker-secret";

[[noreturn]] void refuse(const std::string& file, const std::string& why, ExitCode code = ExitCode::bad_usage) {
  throw Stop(code, "cannot use the key file " + file + ": " + why);
}

std::string error_text() {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  return std::generic_category().message(errno) + (full ? "; make room and run the same command again" : "");
}

std::string coordinator_file(const std::string& file) {
  return std::filesystem::path(file).replace_filename("coordinator.key");
}

bool is_key(const std::string& text) {
  std::array<std::uint8_t, key_bytes> bytes{};
  return text.size() == z85_length && zmq_z85_decode(bytes.data(), text.c_str()) != nullptr;
}

/// The lines of a key file, each a word and a key.
using Lines = std::map<std::string, std::string>;

enum class Owner { any, this_user };

Lines read(const std::string& file, Owner owner) {
  struct stat info {};
  if (::lstat(file.c_str(), &info) != 0) refuse(file, error_text());
  if (S_ISLNK(info.st_mode) && owner == Owner::any && ::stat(file.c_str(), &info) != 0) refuse(file, error_text());
  if (!S_ISREG(info.st_mode)) refuse(file, "it is no file");
  if (owner == Owner::this_user && info.st_uid != ::geteuid() && info.st_uid != 0) refuse(file, "it belongs to another user");
  if ((info.st_mode & 077) != 0) refuse(file, "others may read it (chmod 600 it, if nobody else has seen it)");
  std::ifstream in(file);
  Lines lines;
  std::string key;
  for (std::string word; in >> word >> key;) lines[word] = key;
  return lines;
}

const std::string& key_of(const Lines& lines, const std::string& word, const std::string& file) {
  const auto line = lines.find(word);
  if (line == lines.end() || !is_key(line->second)) refuse(file, "it is no thumbline key");
  return line->second;
}

bool is_from_before_roles(const Lines& lines) {
  return lines.contains("public") && lines.contains("secret");
}

KeyPair pair_of(const std::string& secret) {
  std::array<char, z85_length + 1> public_key{};
  if (zmq_curve_public(public_key.data(), secret.c_str()) != 0) {
    throw Stop(ExitCode::cannot_go_on, "this libzmq has no CURVE; thumbline does not run without");
  }
  return {public_key.data(), secret};
}

RunKey of_coordinator(const std::string& secret) {
  RunKey key{pair_of(secret), {}};
  const std::string bytes = key.derived("worker");
  std::array<char, z85_length + 1> text{};
  zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  key.worker = pair_of(text.data());
  return key;
}

void write(const std::string& file, const std::string& text) {
  const std::string aside = AsideFolder::fresh_name(file);
  const int fd = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) refuse(file, error_text(), ExitCode::cannot_go_on);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = ::close(fd) == 0;
  // link(), not rename(): the key of a run that is going on is not replaced.
  const bool named = written && closed && (::link(aside.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const std::string why = named ? "" : error_text();
  ::unlink(aside.c_str());
  if (!named) refuse(file, why, ExitCode::cannot_go_on);
}

}  // namespace

std::string RunKey::derived(const std::string& purpose) const {
  std::array<std::uint8_t, key_bytes> secret{};
  zmq_z85_decode(secret.data(), coordinator.secret_key.c_str());
  const std::string text = "thumbline " + purpose;
  std::string bytes(key_bytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), secret.data(), secret.size());
  return bytes;
}

RunKey RunKey::generate() {
  std::array<char, z85_length + 1> public_key{};
  std::array<char, z85_length + 1> secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    throw Stop(ExitCode::cannot_go_on, "this libzmq has no CURVE; thumbline does not run without");
  }
  return of_coordinator(secret_key.data());
}

RunKey RunKey::load(const std::string& file) {
  const Lines lines = read(file, Owner::any);
  if (lines.contains(coordinator_secret))
    refuse(file, "it is the coordinator's, which no worker needs: give the run.key beside it");
  if (is_from_before_roles(lines)) refuse(file, "it is of an older thumbline; the next run in its folder makes a new one");
  const std::string& coordinator = key_of(lines, coordinator_public, file);
  return {{coordinator, ""}, pair_of(key_of(lines, worker_secret, file))};
}

RunKey RunKey::load_coordinator(const std::string& file) {
  const std::string secret_file = coordinator_file(file);
  return of_coordinator(key_of(read(secret_file, Owner::this_user), coordinator_secret, secret_file));
}

RunKey RunKey::make(const std::string& file) {
  const std::string secret_file = coordinator_file(file);
  std::error_code none;
  const bool has_secret = std::filesystem::exists(std::filesystem::symlink_status(secret_file, none));
  bool has_run_key = std::filesystem::exists(std::filesystem::symlink_status(file, none));
  if (has_run_key && is_from_before_roles(read(file, Owner::this_user))) {
    if (::unlink(file.c_str()) != 0) refuse(file, error_text(), ExitCode::cannot_go_on);
    has_run_key = false;
  }
  if (has_run_key && !has_secret)
    refuse(file,
           "the coordinator.key that it was made with is not beside it: bring that, too, or remove this one for new keys");
  RunKey key = has_secret ? load_coordinator(file) : generate();
  key.save(file);
  key = load_coordinator(file);  // whichever process was first
  if (load(file).worker.secret_key != key.worker.secret_key ||
      load(file).coordinator.public_key != key.coordinator.public_key) {
    refuse(file, "it does not belong to the coordinator.key beside it; remove the wrong one of them");
  }
  return key;
}

void RunKey::save(const std::string& file) const {
  if (role() == Role::coordinator)
    write(coordinator_file(file), std::string(coordinator_secret) + " " + coordinator.secret_key + "\n");
  write(file,
        std::string(coordinator_public) + " " + coordinator.public_key + "\n" + worker_secret + " " + worker.secret_key + "\n");
}

}  // namespace thumbline
