#include "common/net/run_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <system_error>

#include "common/base/program.h"

namespace thumbline {
namespace {

constexpr std::size_t z85_length = 40;

[[noreturn]] void refuse(const std::string& file, const std::string& why, ExitCode code = ExitCode::bad_usage) {
  throw Stop(code, "cannot use the key file " + file + ": " + why);
}

std::string error_text() {
  return std::generic_category().message(errno);
}

}  // namespace

RunKey RunKey::generate() {
  std::array<char, z85_length + 1> public_key{};
  std::array<char, z85_length + 1> secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    throw Stop(ExitCode::cannot_go_on, "this libzmq has no CURVE; thumbline does not run without");
  }
  return {public_key.data(), secret_key.data()};
}

RunKey RunKey::load(const std::string& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) refuse(file, error_text());
  if (!S_ISREG(info.st_mode)) refuse(file, "it is no file");
  if ((info.st_mode & 077) != 0) refuse(file, "others may read it (chmod 600 it, if nobody else has seen it)");
  std::ifstream in(file);
  RunKey key;
  std::string public_word;
  std::string secret_word;
  in >> public_word >> key.public_key >> secret_word >> key.secret_key;
  std::array<std::uint8_t, 32> bytes{};
  const auto whole = [&](const std::string& text) {
    return text.size() == z85_length && zmq_z85_decode(bytes.data(), text.c_str()) != nullptr;
  };
  if (public_word != "public" || secret_word != "secret" || !whole(key.public_key) || !whole(key.secret_key)) {
    refuse(file, "it is no thumbline key");
  }
  return key;
}

void RunKey::save(const std::string& file) const {
  const std::string text = "public " + public_key + "\nsecret " + secret_key + "\n";
  const std::string aside = file + "." + std::to_string(::getpid());
  const int fd = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) refuse(file, error_text(), ExitCode::cannot_go_on);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = ::close(fd) == 0;
  // link(), not rename(): the key of a run that is going on is not replaced.
  const bool named = written && closed && (::link(aside.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const std::string why = named ? "" : error_text();
  ::unlink(aside.c_str());
  if (!named) refuse(file, why, ExitCode::cannot_go_on);
}

}  // namespace thumbline
