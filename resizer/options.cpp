#include "resizer/options.h"

#include <filesystem>

#include "common/base/command_line.h"

namespace thumbline {

ResizerOptions parse_resizer_options(int argc, const char* const* argv) {
  ResizerOptions options;
  CLI::App app("Takes paths of pictures and makes thumbnails, one after another; to go faster, start more of them",
               "thumbline-resizer");
  add_program_options(app, options.program);
  app.add_option("--head", options.head, "Ask here where all others are, instead of --from and --results")
      ->type_name("ENDPOINT");
  app.add_option("--from", options.from, "A fetcher's endpoint that gives out paths; repeatable")->type_name("ENDPOINT");
  app.add_option("--from-producer", options.from_producer, "The producer's, in `resize`")->type_name("ENDPOINT");
  app.add_option("--results", options.results, "The collector's endpoint for results")->type_name("ENDPOINT");
  app.add_option("--store", options.store, "The run's folder (with --head: where it is here)")->type_name("DIR");
  app.add_option("--max-pixels", options.rights.limits.max_pixels, "Largest picture that is decoded")->capture_default_str();
  app.add_option("--max-memory", options.rights.limits.max_memory,
                 "Bytes of memory for a picture that must be held whole: progressive or interlaced")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40))
      ->capture_default_str();
  double seconds = 30;
  app.add_option("--time-limit", seconds, "Seconds that one picture may take")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  const auto* memory_limit =
      app.add_option("--memory-limit", options.rights.memory,
                     "Bytes of memory that decoding may take, all in all; 0 for no limit; grows with --max-memory")
          ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 46))
          ->capture_default_str();
  std::string sandbox = "auto";
  app.add_option("--sandbox", sandbox, "Whether the process that decodes gives up its rights: where the kernel can, or insist")
      ->check(CLI::IsMember({"auto", "require", "off"}))
      ->capture_default_str();
  parse_command_line(app, argc, argv);
  if (memory_limit->empty()) options.rights.memory += options.rights.limits.max_memory - Limits{}.max_memory;
  if (options.head.empty()) {
    if ((options.from.empty() && options.from_producer.empty()) || options.results.empty() || options.store.empty())
      throw Stop(ExitCode::bad_usage, "wanted are --from, --results and --store, or --head (see --help)");
    if (!std::filesystem::is_directory(options.store))
      throw Stop(ExitCode::bad_usage, "--store " + options.store + ": there is no such folder");
  }
  options.sandbox = sandbox == "require" ? SandboxWish::require : sandbox == "off" ? SandboxWish::off : SandboxWish::automatic;
  options.time_limit = std::chrono::milliseconds(static_cast<int>(seconds * 1000));
  return options;
}

}  // namespace thumbline
