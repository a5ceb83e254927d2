#pragma once
#include <cstdint>
#include <string>

namespace thumbline {

/// Whether to sandbox the decoder before it gets a picture.
enum class SandboxMode : std::uint8_t {
  off,
  automatic,  ///< as far as the kernel supports it; the resizer logs what is missing
  require,    ///< fail if it is not complete
};

/// Which restrictions are in force, irrevocably and for child processes too.
struct Sandbox {
  bool system_calls = false;  ///< seccomp: only calls for memory and open files are allowed; calls for processes, sockets or
                              ///< programs kill the process, all others fail
  bool files = false;         ///< Landlock: no access to the file system or TCP ports

  [[nodiscard]] bool complete() const { return system_calls && files; }
};

/// Restricts this process to computing, allocating memory, reading, writing and closing open files, and receiving and sending
/// on open sockets. No new processes, files or sockets, no executable memory, no core dumps. For single-threaded processes.
Sandbox enter_sandbox();

/// The two parts of it; true on success.
bool confine_system_calls();
bool confine_files();

/// Limits the address space of this process, and so the memory that a picture can take; 0 for no limit. Call before entering
/// the sandbox.
void limit_memory(std::uint64_t bytes);

/// Whether this build uses a sanitizer, which does not work inside the sandbox.
bool is_instrumented();

/// Describes what is missing of a sandbox; empty if it is complete.
std::string missing_protection(const Sandbox& sandbox);

}  // namespace thumbline
