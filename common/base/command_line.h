#pragma once
#include <CLI/CLI.hpp>

#include "common/base/program.h"

namespace thumbline {

/// Adds the options that are the same for all four programs.
void add_program_options(CLI::App& app, ProgramOptions& options);

/// Parses the command line; throws Stop with `bad_usage` where it is wrong, and with `ok` after --help and --version.
void parse_command_line(CLI::App& app, int argc, const char* const* argv);

}  // namespace thumbline
