// Each probe runs in a process of its own, since there is no way back.
#include "resizer/sandbox.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <vector>

#include "tests/catch.h"

using namespace thumbline;

namespace {

constexpr int nothing_happened = 0;
constexpr int not_complete = 77;

/// How a process ends that does this; the status of waitpid(2).
int status_of(const std::function<void()>& deed) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    deed();
    ::_exit(nothing_happened);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

int status_inside(const std::function<void()>& deed) {
  return status_of([&] {
    if (!enter_sandbox().complete()) ::_exit(not_complete);
    deed();
  });
}

/// Old kernels and the sanitizers' builds cannot be held against this.
bool can_be_confined() {
  const int status = status_inside([] {});
  if (!WIFEXITED(status) || WEXITSTATUS(status) != not_complete) return true;
  WARN("there is no complete sandbox here: " << missing_protection({}));
  return false;
}

bool open_file() {
  return ::open("/etc/passwd", O_RDONLY) >= 0;
}
bool open_file_at() {
  return ::syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0;
}
/// What is open for reading, once more for writing.
bool open_again() {
  const int file = ::openat(AT_FDCWD, "/proc/self/fd/0", O_RDWR);
  return file >= 0;
}
bool make_writable() {
  return ::fcntl(STDIN_FILENO, F_SETFL, O_RDWR) == 0;
}
bool make_file() {
  return ::open("/tmp/thumbline-escaped", O_WRONLY | O_CREAT, 0600) >= 0;
}
bool remove_file() {
  return ::unlink("/tmp/thumbline-not-there") == 0 || errno == ENOENT;
}
bool rename_file() {
  return ::rename("/tmp/thumbline-not-there", "/tmp/thumbline-neither") == 0 || errno == ENOENT;
}
bool limit_less() {
  const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
  return ::setrlimit(RLIMIT_AS, &none) == 0;
}
void open_socket() {
  ::socket(AF_INET, SOCK_STREAM, 0);
}
void run_program() {
  ::execl("/bin/true", "true", nullptr);
}
void start_process() {
  if (::fork() == 0) ::_exit(0);
}
void end_others() {
  ::kill(::getppid(), 0);
}
void end_a_thread_of_others() {
  ::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0);
}
void enter_namespace() {
  ::syscall(SYS_setns, -1, 0);
}
void leave_namespace() {
  ::syscall(SYS_unshare, 0);
}
void write_to_others() {
  ::syscall(SYS_process_vm_writev, ::getppid(), nullptr, 0, nullptr, 0, 0);
}
void mount_something() {
  ::syscall(SYS_mount, "none", "/", "none", 0, nullptr);
}
void trace_others() {
  ::syscall(SYS_ptrace, 0, 0, 0, 0);
}
void run_data() {
  constexpr std::size_t page = 4096;
  if (::mmap(nullptr, page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) ::_exit(6);
}

}  // namespace

TEST_CASE("inside the sandbox files cannot be opened, made, renamed or removed, nor limits lifted") {
  if (!can_be_confined()) return;
  const auto probe =
      GENERATE(open_file, open_file_at, open_again, make_writable, make_file, remove_file, rename_file, limit_less);
  const int status = status_inside([&] { ::_exit(probe() ? 6 : 5); });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 5);
}

// No open() succeeds where Landlock forbids it, too: the filter of system calls has to do it alone.
TEST_CASE("without Landlock, the filter of system calls keeps files closed all the same") {
  if (!can_be_confined()) return;
  const auto probe = GENERATE(open_file, open_file_at, open_again, make_file);
  const int status = status_of([&] {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !confine_system_calls()) ::_exit(not_complete);
    ::_exit(probe() ? 6 : 5);
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 5);
}

TEST_CASE("inside the sandbox to reach for sockets, programs and processes ends the process") {
  if (!can_be_confined()) return;
  const auto probe = GENERATE(open_socket, run_program, start_process, end_others, end_a_thread_of_others, enter_namespace,
                              leave_namespace, write_to_others, mount_something, trace_others, run_data);
  const int status = status_inside(probe);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGSYS);
}

TEST_CASE("inside the sandbox there is memory, and open files can be read, written and closed") {
  if (!can_be_confined()) return;
  const int status = status_inside([] {
    std::vector<char> large(64U << 20, 'x');
    std::vector<std::vector<char>> small;
    for (std::size_t i = 0; i < 10'000; ++i) small.emplace_back(i % 5'000);
    try {
      large.resize(std::size_t{1} << 60);
    } catch (const std::exception&) {
      if (::write(STDERR_FILENO, "", 0) == 0 && ::close(STDIN_FILENO) == 0) ::_exit(5);
    }
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 5);
}

TEST_CASE("inside the sandbox abort() still ends a process as ever, for whoever reads its status") {
  if (!can_be_confined()) return;
  const int status = status_inside([] {
    std::signal(SIGABRT, SIG_DFL);  // Catch2 has its own ideas
    std::abort();
  });
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
}

TEST_CASE("without the filter of system calls, files cannot be opened all the same") {
  if (!can_be_confined()) return;
  const int status = status_of([] {
    const bool could = ::open("/etc/passwd", O_RDONLY) >= 0;
    const bool confined = confine_files();
    const bool can = ::open("/etc/passwd", O_RDONLY) >= 0;
    ::_exit(could && confined && !can && errno == EACCES ? 5 : 6);
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 5);
}

TEST_CASE("the memory of a process can be limited, and asking for more fails") {
  if (!can_be_confined()) return;
  const int status = status_of([] {
    limit_memory(256U << 20);
    void* more = std::malloc(512U << 20);
    ::_exit(more == nullptr ? 5 : 6);
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 5);
}

TEST_CASE("what is missing of a sandbox is said") {
  CHECK(missing_protection({.system_calls = true, .files = true}).empty());
  CHECK_FALSE(missing_protection({.system_calls = true, .files = false}).empty());
}
