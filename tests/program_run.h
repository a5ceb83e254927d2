#pragma once
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/scratch_folder.h"

namespace thumbline::test {

/// How long tests wait for what must come; much longer than it ever takes.
inline constexpr std::chrono::seconds patience{60};

/// A program that a test has started: what it announces can be read, and it is gone when the test ends. The command is looked
/// up in PATH where it has no slash.
class ProgramRun {
 public:
  enum class Lines {
    announced,  ///< what it writes to the descriptor of --announce-fd, which is added to the command
    printed,    ///< its standard output
  };

  explicit ProgramRun(std::vector<std::string> command, Lines lines = Lines::announced) : name_(command.front()) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    constexpr int child_fd = 3;
    const int target = lines == Lines::announced ? child_fd : STDOUT_FILENO;
    if (lines == Lines::announced) command.insert(command.end(), {"--announce-fd", std::to_string(child_fd)});
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      // dup2() to the same number would leave it to be closed by exec.
      if (pipe[1] == target ? ::fcntl(target, F_SETFD, 0) != 0 : ::dup2(pipe[1], target) < 0) ::_exit(126);
      ::execvp(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(pipe[1]);
    lines_ = pipe[0];
  }
  ~ProgramRun() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(lines_);
  }
  ProgramRun(const ProgramRun&) = delete;
  ProgramRun& operator=(const ProgramRun&) = delete;

  /// What follows `word` and a space on the next line that starts so; lines before it are passed over.
  std::string line_after(const std::string& word) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
      for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
        const std::string line = text_.substr(0, end);
        text_.erase(0, end + 1);
        if (line.starts_with(word + " ")) return line.substr(word.size() + 1);
      }
      if (!read_more(deadline)) throw std::runtime_error(name_ + " did not say \"" + word + "\"");
    }
  }

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const { ::kill(pid_, number); }

  /// Waits for its end; the exit code, or 128 + the signal that killed it.
  int exit_code() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    int status = 0;
    while (::waitpid(pid_, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(name_ + " does not end");
      ::poll(nullptr, 0, 5);
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  bool read_more(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd item{lines_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&item, 1, static_cast<int>(left.count())) <= 0) return false;
    std::array<char, 4096> bytes{};
    const ssize_t length = ::read(lines_, bytes.data(), bytes.size());
    if (length <= 0) return false;
    text_.append(bytes.data(), static_cast<std::size_t>(length));
    return true;
  }

  std::string name_;
  pid_t pid_ = -1;
  int lines_ = -1;
  std::string text_;
};

}  // namespace thumbline::test
