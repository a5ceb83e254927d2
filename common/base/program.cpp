#include "common/base/program.h"

#include <fcntl.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "common/base/bounded_log.h"
#include "common/base/printable.h"

namespace thumbline {
namespace {

/// Each transfer needs a connection and a file, each worker a connection, and so does each stranger until it is turned away:
/// the usual 1024 do not go far.
void allow_many_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  // With fewer, a program waits for ever for a peer whose connection it cannot take, and says nothing.
  constexpr rlim_t fewest = 100;
  if (limit.rlim_cur < fewest) {
    throw Stop(ExitCode::cannot_go_on, "no more than " + std::to_string(limit.rlim_cur) +
                                           " open files are allowed here: raise that (ulimit -n " + std::to_string(fewest) +
                                           ", better 1024) and run the same command again");
  }
}

/// A file that took the number of a closed standard stream would get what is meant for people.
void open_standard_streams() {
  while (true) {
    const int fd = ::open("/dev/null", O_RDWR);
    if (fd > STDERR_FILENO) ::close(fd);
    if (fd < 0 || fd > STDERR_FILENO) return;
  }
}

/// Names and links that come from outside cannot begin a line of their own, nor command the terminal that shows the log.
class VisibleMessage : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/, spdlog::memory_buf_t& to) override {
    const std::string text = visible({message.payload.data(), message.payload.size()});
    to.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<VisibleMessage>(); }
};

}  // namespace

void prepare_process(const std::string& program, const ProgramOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);  // a peer that is gone is an error of write(), not the end of the process
  std::signal(SIGXFSZ, SIG_IGN);  // so is a file that may not grow any more (ulimit -f)
  open_standard_streams();
  allow_many_open_files();
  if (options.die_with_parent) ::prctl(PR_SET_PDEATHSIG, SIGINT);
  spdlog::sink_ptr sink;
  if (options.log_file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<BoundedLog>(options.log_file);
  }
  auto logger = std::make_shared<spdlog::logger>(program, sink);
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<VisibleMessage>('*').set_pattern("%Y-%m-%d %H:%M:%S.%e %n[%P] %l: %*");
  logger->set_formatter(std::move(formatter));
  logger->set_level(options.quiet ? spdlog::level::warn : spdlog::level::info);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(logger);
}

void announce(const ProgramOptions& options, const std::string& what, const std::string& endpoint) {
  if (options.announce_fd < 0) return;
  const std::string line = what + " " + endpoint + "\n";
  ssize_t written = -1;
  do written = ::write(options.announce_fd, line.data(), line.size());
  while (written < 0 && errno == EINTR);
  if (written != static_cast<ssize_t>(line.size())) {
    throw Stop(ExitCode::cannot_go_on, "the launcher does not listen any more");
  }
}

int run_program(const std::string& program, const std::function<ExitCode()>& body) {
  try {
    return static_cast<int>(body());
  } catch (const Stop& stop) {
    if (*stop.what() != '\0') std::cerr << program << ": " << visible_lines(stop.what()) << std::endl;
    return static_cast<int>(stop.code());
  } catch (const std::exception& error) {
    std::cerr << program << ": " << visible_lines(error.what()) << std::endl;
    return static_cast<int>(ExitCode::cannot_go_on);
  }
}

void end_at_once(ExitCode code, const std::string& message) {
  spdlog::critical(message);
  spdlog::default_logger()->flush();
  std::cerr << "thumbline-" << spdlog::default_logger()->name() << ": " << message << std::endl;
  std::_Exit(static_cast<int>(code));
}

std::string worker_name(const ProgramOptions& options) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return (options.name.empty() ? host.data() : options.name) + ":" + std::to_string(::getpid());
}

}  // namespace thumbline
