#include "resizer/decoder_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <spdlog/spdlog.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "common/base/clock.h"
#include "resizer/fault_injection.h"
#include "resizer/reply_check.h"

namespace thumbline {
namespace {

constexpr std::chrono::milliseconds first_call{20};
constexpr std::chrono::milliseconds between_calls{500};

/// This program's executable; without /proc the name it was started by (getauxval(3)).
const char* own_program() {
  constexpr const char* self = "/proc/self/exe";
  if (::access(self, X_OK) == 0) return self;
  return reinterpret_cast<const char*>(::getauxval(AT_EXECFN));  // NOLINT(performance-no-int-to-ptr): an address as a number
}

/// The environment may contain secrets, so the decoder only gets what libraries, tests and sanitizers need.
std::vector<std::string> environment() {
  std::vector<std::string> variables;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing modifies the environment
  for (const char* name :
       {"LD_LIBRARY_PATH", fault_variable, "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) variables.push_back(std::string(name) + "=" + value);
  }
  return variables;
}

}  // namespace

DecoderProcess::DecoderProcess(const DecoderRights& rights, std::chrono::milliseconds time_limit, SandboxMode mode)
    : rights_(rights), time_limit_(time_limit) {
  rights_.sandbox = mode != SandboxMode::off;
  start();
  const std::string missing = rights_.sandbox ? missing_protection(sandbox_) : "--sandbox off";
  if (missing.empty()) {
    spdlog::info("the decoder is sandboxed");
  } else if (mode == SandboxMode::require) {
    end();
    throw Stop(ExitCode::cannot_go_on, "--sandbox require: the decoder cannot be sandboxed: " + missing);
  } else {
    spdlog::warn("the decoder is not or not fully sandboxed: {}", missing);
  }
}

DecoderProcess::~DecoderProcess() {
  end();
}

/// Starts a decoder and waits until it is ready.
void DecoderProcess::start() {
  launch();
  const auto ready = receive_ready(socket_);
  if (!ready) throw std::runtime_error("cannot start a decoder: it " + end());
  sandbox_ = ready->sandbox;
}

void DecoderProcess::launch() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot start a decoder: socketpair");
  }
  // Not a plain fork(): this process has threads of libzmq.
  std::string program = "thumbline-resizer";
  std::string role = decoder_argument;
  std::string rights = to_argument(rights_);
  std::array<char*, 4> arguments{program.data(), role.data(), rights.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // It communicates only over its socket.
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  if (!is_instrumented()) posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], decoder_socket);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> variables = environment();
  std::vector<char*> pointers;
  for (std::string& variable : variables) pointers.push_back(variable.data());
  pointers.push_back(nullptr);
  const int error = ::posix_spawn(&pid_, own_program(), &actions, &attributes, arguments.data(), pointers.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  socket_ = ends[0];
  if (error != 0) {
    pid_ = -1;
    throw std::system_error(error, std::generic_category(), "cannot start a decoder");
  }
}

std::string DecoderProcess::end() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  if (pid_ < 0) return "did not run";
  ::kill(pid_, SIGKILL);  // has no effect if it is dead already; the status tells how it died
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status))
    return "was ended by signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")";
  return "ended with code " + std::to_string(WEXITSTATUS(status));
}

bool DecoderProcess::answers_before(Moment deadline, const std::function<void()>& meanwhile) const {
  pollfd answer{socket_, POLLIN, 0};
  auto longest = first_call;
  for (Moment at = now(); at < deadline; at = now()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(std::min<Moment::duration>(deadline - at, longest));
    if (::poll(&answer, 1, static_cast<int>(left.count())) > 0) return true;
    if (meanwhile) meanwhile();
    longest = between_calls;
  }
  return false;
}

tl::unexpected<Failure> DecoderProcess::too_slow() {
  end();
  return failed(Reason::decode_limit, "decoding took longer than " + std::to_string(time_limit_.count()) + " ms");
}

tl::unexpected<Failure> DecoderProcess::hijacked(const std::string& claim) {
  spdlog::warn("ended a decoder that claimed {}: a picture may have taken it over", claim);
  end();
  return failed(Reason::crashed_the_resizer, "the decoder claimed " + claim);
}

/// Sends the order to the decoder and waits for the reply.
Result<ReceivedReply> DecoderProcess::ask(const DecodeOrder& order, int original, Moment deadline,
                                          const std::function<void()>& meanwhile) {
  // Replace a decoder that died or sent something after its last picture: not the fault of this one.
  if (pid_ >= 0 && !is_idle(socket_)) end();
  if (pid_ < 0) start();
  if (!send_order(socket_, order, original)) {
    end();
    start();
    if (!send_order(socket_, order, original)) return failed(Reason::crashed_the_resizer, "the decoder does not start");
  }
  if (!answers_before(deadline, meanwhile)) return too_slow();
  const auto received = receive_reply(socket_, std::span<std::byte, chunk_bytes>(buffer_));
  if (!received) return failed(Reason::crashed_the_resizer, "the decoder " + end() + " while it read this picture");
  return *received;
}

Result<DecodeReply> DecoderProcess::make(const Recipe& recipe, int original, const Sink& thumbnail,
                                         const std::function<void()>& meanwhile) {
  const DecodeOrder order{++orders_, recipe};
  const Moment deadline = now() + time_limit_;
  Result<ReceivedReply> received = ask(order, original, deadline, meanwhile);
  if (received && received->reply.number != order.number) {
    spdlog::warn("ended a decoder that answered an earlier order once more: a picture may have taken it over");
    end();
    received = ask(order, original, deadline, meanwhile);
  }
  if (!received) return tl::unexpected(received.error());
  if (received->reply.number != order.number) return hijacked("to answer another order");
  return take(*received, order, thumbnail, deadline, meanwhile);
}

/// Passes on the thumbnail if the reply is plausible.
Result<DecodeReply> DecoderProcess::take(const ReceivedReply& received, const DecodeOrder& order, const Sink& thumbnail,
                                         Moment deadline, const std::function<void()>& meanwhile) {
  const auto& [reply, first] = received;
  if (!reply.done) {
    if (reply.bytes != 0) return hijacked("a thumbnail that was not made");
    return failed(Reason::parse(reply.reason.data()).value_or(Reason::corrupt), reply.detail.data());
  }
  if (const std::string objection = check_reply(reply, order, rights_.limits, first); !objection.empty()) {
    return hijacked(objection);
  }
  Result<void> written = thumbnail(first);
  for (std::uint64_t left = reply.bytes - first.size(); left > 0;) {
    if (!answers_before(deadline, meanwhile)) return too_slow();
    const auto part = receive_more(socket_, left, std::span<std::byte, chunk_bytes>(buffer_));
    if (!part) return hijacked("more bytes than it sent");
    if (written) written = thumbnail(*part);
    left -= part->size();
  }
  if (!written) return tl::unexpected(written.error());
  return reply;
}

}  // namespace thumbline
