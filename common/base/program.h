#pragma once
#include <functional>
#include <stdexcept>
#include <string>

namespace thumbline {

/// What a program's exit code says; a contract, see README.
enum class ExitCode : int {
  ok = 0,            ///< every link has its outcome
  some_failed = 1,   ///< with --strict: some of them as failed
  bad_usage = 2,     ///< nothing was started
  cannot_go_on = 3,  ///< the same command continues the run
};

/// Why a program ends at once. what() is the one line that the user reads; empty where there is nothing to say (--help).
class Stop : public std::runtime_error {
 public:
  Stop(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// The part of every program's command line that is the same for all four.
struct ProgramOptions {
  std::string key_file;          ///< CURVE key of the run
  std::string log_file;          ///< empty: standard error
  bool quiet = false;            ///< warnings and errors alone
  int announce_fd = -1;          ///< where to say which endpoints were bound, a line each: "links tcp://127.0.0.1:41973"
  bool die_with_parent = false;  ///< end when the launcher is gone
  std::string name;              ///< of this host, for the ledger and for people; empty: the one it has
};

/// Sets up the log, the ignored signals, as many open files as there may be, and die_with_parent. Once, before any thread is
/// started.
void prepare_process(const std::string& program, const ProgramOptions& options);

/// Tells the launcher that `what` (or "ready") can be had at `endpoint`; nothing happens without announce_fd.
void announce(const ProgramOptions& options, const std::string& what, const std::string& endpoint);

/// Runs `body` and turns what it throws into a line on standard error and an exit code: the one place in a program where
/// exceptions end.
int run_program(const std::string& program, const std::function<ExitCode()>& body);

/// Ends the process without waiting for its threads, one of which cannot be waited for: the message goes to the log and, as
/// with Stop, to standard error. Nothing is destroyed.
[[noreturn]] void end_at_once(ExitCode code, const std::string& message);

/// "host:pid", for the ledger and for people.
std::string worker_name(const ProgramOptions& options);

}  // namespace thumbline
