#include "resizer/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

namespace thumbline {
namespace {

// Sanitizers reserve terabytes of address space and read files in /proc.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool instrumented = true;
#else
constexpr bool instrumented = false;
#endif

/// System calls for decoding. Besides reading and writing: those behind malloc() and abort(), and those that resume a stopped
/// process.
constexpr std::array allowed_calls{
    SCMP_SYS(read),           SCMP_SYS(write),           SCMP_SYS(writev),       SCMP_SYS(close),         SCMP_SYS(lseek),
    SCMP_SYS(recvmsg),        SCMP_SYS(sendto),          SCMP_SYS(munmap),       SCMP_SYS(mremap),        SCMP_SYS(brk),
    SCMP_SYS(madvise),        SCMP_SYS(futex),           SCMP_SYS(exit),         SCMP_SYS(exit_group),    SCMP_SYS(getpid),
    SCMP_SYS(gettid),         SCMP_SYS(rt_sigaction),    SCMP_SYS(rt_sigreturn), SCMP_SYS(clock_gettime), SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall),
};

/// System calls that only a hijacked decoder would make: they kill the process. All other calls fail, so that a library that
/// looks for a file continues without it (lcms2 dates its profiles, for which the C library reads /etc/localtime).
constexpr std::array deadly_calls{SCMP_SYS(socket),
                                  SCMP_SYS(connect),
                                  SCMP_SYS(bind),
                                  SCMP_SYS(execve),
                                  SCMP_SYS(execveat),
                                  SCMP_SYS(fork),
                                  SCMP_SYS(vfork),
                                  SCMP_SYS(clone),
                                  SCMP_SYS(clone3),
                                  SCMP_SYS(kill),
                                  SCMP_SYS(tkill),
                                  SCMP_SYS(ptrace),
                                  SCMP_SYS(bpf),
                                  SCMP_SYS(mount),
                                  SCMP_SYS(setns),
                                  SCMP_SYS(unshare),
                                  SCMP_SYS(process_vm_writev)};

void limit(__rlimit_resource resource, rlim_t most) {
  const rlimit both{most, most};
  ::setrlimit(resource, &both);
}

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};

}  // namespace

bool confine_system_calls() {
  if (instrumented) return false;
  const std::unique_ptr<void, Release> filter(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)));
  if (filter == nullptr) return false;
  bool complete = true;
  const auto rule = [&](std::uint32_t action, int call, const scmp_arg_cmp* when = nullptr) {
    complete = complete && seccomp_rule_add_array(filter.get(), action, call, when == nullptr ? 0 : 1, when) == 0;
  };
  for (const int call : allowed_calls) rule(SCMP_ACT_ALLOW, call);
  for (const int call : deadly_calls) rule(SCMP_ACT_KILL_PROCESS, call);
  // libseccomp's macros for these are not valid C++.
  const scmp_arg_cmp executable{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC};
  const scmp_arg_cmp not_executable{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    rule(SCMP_ACT_ALLOW, call, &not_executable);
    rule(SCMP_ACT_KILL_PROCESS, call, &executable);
  }
  const auto own = static_cast<scmp_datum_t>(::getpid());
  const scmp_arg_cmp itself{0, SCMP_CMP_EQ, own, 0};
  const scmp_arg_cmp another{0, SCMP_CMP_NE, own, 0};
  rule(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), &itself);
  rule(SCMP_ACT_KILL_PROCESS, SCMP_SYS(tgkill), &another);
  return complete && seccomp_load(filter.get()) == 0;
}

namespace {

// landlock(7). Debian 12 has headers for the first two versions.
constexpr std::uint64_t rights_of_files[] = {(1ULL << 13) - 1, (1ULL << 14) - 1, (1ULL << 15) - 1, (1ULL << 15) - 1,
                                             (1ULL << 16) - 1};  // by version: + REFER, TRUNCATE, -, IOCTL_DEV
constexpr long first_version_with_network = 4;
constexpr std::uint64_t rights_of_network = 3;  // bind, connect
struct Ruleset {
  std::uint64_t handled_files;
  std::uint64_t handled_network;
};

}  // namespace

/// Handles every right and grants none.
bool confine_files() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  const auto known = std::size(rights_of_files);
  const auto at = static_cast<std::size_t>(version) < known ? static_cast<std::size_t>(version) : known;
  const bool has_network = version >= first_version_with_network;
  const Ruleset rules{rights_of_files[at - 1], has_network ? rights_of_network : 0};
  const std::size_t size = has_network ? sizeof rules : sizeof rules.handled_files;
  const auto ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, size, 0));
  if (ruleset < 0) return false;
  const bool confined = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return confined;
}

Sandbox enter_sandbox() {
  constexpr rlim_t most_descriptors = 16;
  constexpr rlim_t largest_file = 4ULL << 30;
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, most_descriptors);
  limit(RLIMIT_FSIZE, largest_file);
  Sandbox sandbox;
  sandbox.files = confine_files();
  sandbox.system_calls = confine_system_calls();  // last: it forbids calls that the other needs
  return sandbox;
}

void limit_memory(std::uint64_t bytes) {
  if (bytes != 0 && !instrumented) limit(RLIMIT_AS, bytes);
}

bool is_instrumented() {
  return instrumented;
}

std::string missing_protection(const Sandbox& sandbox) {
  if (sandbox.complete()) return "";
  if (instrumented) return "this is a sanitizer build";
  std::string missing;
  if (!sandbox.system_calls) missing += "seccomp (system calls)";
  if (!sandbox.files) missing += std::string(missing.empty() ? "" : " and ") + "Landlock (files)";
  return "this kernel or container does not support " + missing;
}

}  // namespace thumbline
