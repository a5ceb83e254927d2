#pragma once
#include <cstdint>
#include <string>

namespace thumbline {

/// Whether the decoder gives up its rights before it sees a picture.
enum class SandboxWish : std::uint8_t {
  off,
  automatic,  ///< as far as the kernel can; the resizer's log says what is missing
  require,    ///< all of it, or no decoding at all
};

/// What a process has given up, for good and for its children too.
struct Sandbox {
  bool system_calls = false;  ///< seccomp: only those for computing and for files that are open; to try for others' processes,
                              ///< sockets or programs ends the process, all the rest fails
  bool files = false;         ///< Landlock: nothing of the file system can be opened, made or removed, nor a TCP port be used

  [[nodiscard]] bool complete() const { return system_calls && files; }
};

/// Lets this process do nothing any more but compute, take memory, read, write and close what is open, and receive and send on
/// open sockets. No new processes, files or sockets, no executable memory, no core files. For a process with one thread.
Sandbox enter_sandbox();

/// The two halves of it, each true where it is done.
bool confine_system_calls();
bool confine_files();

/// At most so many bytes of address space, which is what a picture can take of the machine; no limit where it is 0. To be
/// called before the sandbox is entered.
void limit_memory(std::uint64_t bytes);

/// Whether this build has a sanitizer in it, which cannot work inside a sandbox.
bool is_instrumented();

/// What is missing of a sandbox, for people; empty where it is complete.
std::string missing_from(const Sandbox& sandbox);

}  // namespace thumbline
