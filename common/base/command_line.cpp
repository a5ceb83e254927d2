#include "common/base/command_line.h"

namespace thumbline {

void add_program_options(CLI::App& app, ProgramOptions& options) {
  app.set_version_flag("--version", THUMBLINE_VERSION);
  app.add_option("--key", options.key_file,
                 "File with the key of the run, run.key; producer and collector use the coordinator.key beside it")
      ->required()
      ->type_name("FILE");
  app.add_option("--log", options.log_file, "Write the log to this file instead of standard error")->type_name("FILE");
  app.add_flag("--quiet", options.quiet, "Log warnings and errors alone");
  app.add_option("--name", options.name, "Of this host, for the ledger (default: the name it has)")->type_name("NAME");
  app.add_option("--announce-fd", options.announce_fd, "Say on this file descriptor which endpoints were bound")
      ->group("For launchers");
  app.add_flag("--die-with-parent", options.die_with_parent, "End when the process that started this one is gone")
      ->group("For launchers");
}

void parse_command_line(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    app.exit(asked);
    throw Stop(ExitCode::ok, "");
  } catch (const CLI::ParseError& error) {
    throw Stop(ExitCode::bad_usage, std::string(error.what()) + " (see --help)");
  }
}

}  // namespace thumbline
