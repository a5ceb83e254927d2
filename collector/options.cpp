#include "collector/options.h"

#include <map>

#include "common/base/command_line.h"

namespace thumbline {

CollectorOptions CollectorOptions::parse(int argc, const char* const* argv) {
  const std::map<std::string, ProgressDisplay::Style> styles{{"none", ProgressDisplay::Style::none},
                                                             {"lines", ProgressDisplay::Style::lines},
                                                             {"terminal", ProgressDisplay::Style::terminal}};
  CollectorOptions options;
  std::string progress = "auto";
  CLI::App app("Writes down how each link ended, answers with receipts, shows how far the run is, and prints the table.",
               "thumbline-collector");
  add_program_options(app, options.program);
  app.add_option("--out", options.out, "Folder of the run: ledger.sqlite, summary.json and results.csv")
      ->required()
      ->type_name("DIR");
  app.add_option("--results", options.results, "Where the other programs send outcomes, such as tcp://127.0.0.1:*")
      ->required()
      ->type_name("ENDPOINT");
  app.add_option("--receipts", options.receipts, "Where the producer gets its receipts")->required()->type_name("ENDPOINT");
  app.add_flag("--create-key", options.create_key, "Make the key file if it is missing");
  app.add_flag("--retry-failed", options.retry_failed,
               "Links of the list that failed in earlier runs (before this start, without --invocation) are tried again");
  app.add_option("--invocation", options.invocation,
                 "Any word; the same for each start of the collector in one run: what an earlier one has checked, or has "
                 "seen fail, is not checked or tried again")
      ->type_name("ID");
  app.add_flag("--local-stores", options.local_stores, "Originals may lie on other machines, and are not looked for in DIR");
  app.add_flag("--strict", options.strict, "End with 1 if some links failed");
  app.add_option("--progress", progress, "auto, terminal (one line, written anew), lines (one every 5 s) or none")
      ->check(CLI::IsMember({"auto", "terminal", "lines", "none"}))
      ->capture_default_str();
  parse_command_line(app, argc, argv);
  if (progress != "auto") options.progress = styles.at(progress);
  if (options.program.quiet) options.progress = ProgressDisplay::Style::none;
  return options;
}

}  // namespace thumbline
