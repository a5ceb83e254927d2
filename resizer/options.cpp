#include "resizer/options.h"

#include <filesystem>

#include "common/base/command_line.h"

namespace thumbline {

ResizerOptions parse_resizer_options(int argc, const char* const* argv) {
  ResizerOptions options;
  CLI::App app("Makes thumbnails of pictures, one at a time; start several to use more cores", "thumbline-resizer");
  add_program_options(app, options.program);
  app.add_option("--head", options.head, "Coordinator to get all other endpoints from, instead of --from and --results")
      ->type_name("ENDPOINT");
  app.add_option("--from", options.from, "Endpoint of a fetcher that hands out paths; repeatable")->type_name("ENDPOINT");
  app.add_option("--from-producer", options.from_producer, "Endpoint of the producer that hands out paths, for `resize`")
      ->type_name("ENDPOINT");
  app.add_option("--results", options.results, "Endpoint of the collector")->type_name("ENDPOINT");
  app.add_option("--store", options.store, "Folder of the run (with --head: its path on this machine)")->type_name("DIR");
  app.add_option("--max-pixels", options.rights.limits.max_pixels, "Largest picture to decode, in pixels")
      ->capture_default_str();
  app.add_option("--max-memory", options.rights.limits.max_memory,
                 "Memory in bytes for a picture that must be held whole: progressive or interlaced")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40))
      ->capture_default_str();
  double seconds = 30;
  app.add_option("--time-limit", seconds, "Seconds to decode one picture")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  const auto* memory_limit = app.add_option("--memory-limit", options.rights.memory,
                                            "Memory in bytes of the decoder process; 0 for no limit; grows with --max-memory")
                                 ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 46))
                                 ->capture_default_str();
  std::string sandbox = "auto";
  app.add_option("--sandbox", sandbox, "Sandbox the decoder process: as far as the kernel supports it, require it, or off")
      ->check(CLI::IsMember({"auto", "require", "off"}))
      ->capture_default_str();
  parse_command_line(app, argc, argv);
  if (memory_limit->empty()) options.rights.memory += options.rights.limits.max_memory - Limits{}.max_memory;
  if (options.head.empty()) {
    if ((options.from.empty() && options.from_producer.empty()) || options.results.empty() || options.store.empty())
      throw Stop(ExitCode::bad_usage, "missing --from, --results and --store, or --head (see --help)");
    if (!std::filesystem::is_directory(options.store))
      throw Stop(ExitCode::bad_usage, "--store " + options.store + ": no such folder");
  }
  options.sandbox = sandbox == "require" ? SandboxMode::require : sandbox == "off" ? SandboxMode::off : SandboxMode::automatic;
  options.time_limit = std::chrono::milliseconds(static_cast<int>(seconds * 1000));
  return options;
}

}  // namespace thumbline
