#include "producer/options.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "common/base/command_line.h"
#include "common/base/image_kind.h"
#include "common/base/printable.h"
#include "producer/imgur_source.h"
#include "producer/line_source.h"
#include "producer/picture_places.h"
#include "producer/picture_source.h"

namespace thumbline {
namespace {

constexpr int max_side = 16'384;

/// "128" or "320x200".
void read_size(const std::string& text, RecipeOptions& recipe) {
  const auto number = [&](std::string_view digits) {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value < 1 || value > max_side) {
      throw Stop(ExitCode::bad_usage, "--size " + text + ": wanted is N or WxH, each from 1 to " + std::to_string(max_side));
    }
    return value;
  };
  const std::size_t x = text.find('x');
  recipe.width = number(std::string_view(text).substr(0, x));
  recipe.height = x == std::string::npos ? recipe.width : number(std::string_view(text).substr(x + 1));
}

/// "#rrggbb", "#rgb" (each digit stands for two, as in CSS Color 4, 5.2), "white" or "black", as 0xRRGGBB.
std::uint32_t read_colour(const std::string& text) {
  if (text == "white") return 0xFFFFFF;
  if (text == "black") return 0x000000;
  std::string digits = text.starts_with('#') ? text.substr(1) : "";
  if (digits.size() == 3) digits = {digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]};
  std::uint32_t colour = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), colour, 16);
  if (digits.size() != 6 || error != std::errc{} || end != digits.data() + digits.size()) {
    throw Stop(ExitCode::bad_usage, "--background " + text + ": wanted is #rrggbb, #rgb, white or black");
  }
  return colour;
}

std::string colour_text(std::uint32_t colour) {
  std::array<char, sizeof "#rrggbb"> text{};
  std::snprintf(text.data(), text.size(), "#%06x", colour & 0xFFFFFF);
  return text.data();
}

/// " of FOLDER" for each of the folders among these paths, however they were written.
std::string folders_text(const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::string text;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) continue;
    text += " of " + printable(PicturePlaces::real_path(fs::path(path) / ".").string());
  }
  return text;
}

}  // namespace

std::string ProducerOptions::settings() const {
  if (fetch_only) return "fetch";
  const RecipeOptions usual;
  std::string text = (resize_only() ? "resize " : "run ") + std::to_string(recipe.width) + "x" + std::to_string(recipe.height) +
                     " " + recipe.fit + " " + recipe.format;
  if (recipe.enlarge) text += " enlarge";
  if (recipe.quality != usual.quality) text += " quality " + std::to_string(recipe.quality);
  if (recipe.progressive) text += " progressive";
  if (recipe.background != usual.background) text += " background " + colour_text(recipe.background);
  if (!recipe.tolerate.empty()) text += " tolerate " + recipe.tolerate;
  return text + folders_text(source.images);
}

ProducerOptions parse_producer_options(int argc, const char* const* argv) {
  ProducerOptions options;
  CLI::App app("Publishes links, holds a lease on each until the ledger has its outcome, and decides what is tried again",
               "thumbline-producer");
  add_program_options(app, options.program);
  SourceOptions& source = options.source;
  auto* sources = app.add_option_group("source", "Where the links come from (one of these)");
  sources->add_option("--links", source.links, "A list of links, one a line; - is standard input")->type_name("FILE");
  sources->add_option("--imgur", source.imgur, "So many pictures of Imgur's gallery")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  sources->add_option("--images", source.images, "Pictures that are here already: folders, pictures, lists of paths")
      ->type_name("PATH");
  sources->require_option(1);
  app.add_option("--client-id", source.client_id, "Client id for Imgur's API")->envname("IMGUR_CLIENT_ID");
  app.add_option("--imgur-api", source.imgur_api, "Another address of that API")->capture_default_str()->type_name("URL");
  app.add_option("--spool", source.spool, "File for the gallery's links; wanted with --imgur")->type_name("FILE");
  app.add_option("--skip", source.skip, "With --images: a folder not to look into")->type_name("DIR");

  std::string size = "128";
  app.add_option("--size", size, "Box of the thumbnails, N or WxH pixels")->capture_default_str();
  app.add_option("--fit", options.recipe.fit, "How a picture is put into the box")
      ->check(CLI::IsMember({"inside", "cover", "pad", "fill"}))
      ->capture_default_str();
  app.add_option("--format", options.recipe.format, "Format of the thumbnails")
      ->check(CLI::IsMember(thumbnail_formats()))
      ->capture_default_str();
  app.add_flag("--enlarge", options.recipe.enlarge, "With --fit inside and pad: make small pictures larger too");
  app.add_option("--quality", options.recipe.quality, "Quality of JPEG thumbnails")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_flag("--progressive", options.recipe.progressive, "Write JPEG thumbnails as progressive JPEG");
  std::string background = "white";
  app.add_option("--background", background,
                 "Colour of the border of --fit pad, and under what is transparent where the thumbnail is JPEG: #rrggbb, #rgb, "
                 "white, black")
      ->capture_default_str()
      ->type_name("COLOUR");
  app.add_option("--tolerate", options.recipe.tolerate,
                 "What is no failure: of a truncated (or also of a damaged) picture, a thumbnail is made of what is there")
      ->check(CLI::IsMember({"truncated", "damaged"}));
  app.add_flag("--fetch-only", options.fetch_only, "Download alone, no thumbnails");

  app.add_option("--window", options.rules.window, "Links that are out at once")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--attempts", options.rules.attempts, "Transient failures until a link has failed")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--per-host-rate", options.rules.per_host_rate,
                 "Most requests to one host in a second, by all fetchers together; 0: as many as it takes")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  double timeout = 60;
  app.add_option("--timeout", timeout, "Seconds that the fetchers allow a transfer")
      ->check(CLI::Range(0.1, 86'400.0))
      ->capture_default_str();
  app.add_option("--bind", options.bind, "Where fetchers (with --images: resizers) connect to")
      ->capture_default_str()
      ->type_name("ENDPOINT");
  app.add_option("--results", options.results, "The collector's endpoint for results")->required()->type_name("ENDPOINT");
  app.add_option("--receipts", options.receipts, "The collector's endpoint for receipts")->required()->type_name("ENDPOINT");
  auto* folder = app.add_option("--folder", options.folder, "The run's folder, which workers have to find")->type_name("DIR");
  app.add_option("--door", options.door, "Listen here for workers that know nothing but the head")
      ->needs(folder)
      ->type_name("ENDPOINT");
  app.add_flag("--allow-private", options.allow_private,
               "Links may lead to private addresses: refuse workers that do not allow those");
  app.add_flag("--local-stores", options.local_stores, "Workers that do not see the folder may work in one of their own");
  add_request_options(app, options.requests);
  parse_command_line(app, argc, argv);
  complete_request_settings(options.requests);

  read_size(size, options.recipe);
  options.recipe.background = read_colour(background);
  if (source.imgur > 0 && source.spool.empty()) throw Stop(ExitCode::bad_usage, "--imgur needs --spool FILE");
  // Beyond the transfer itself, a link waits for its turn and for a resizer.
  options.rules.patience = std::chrono::seconds(static_cast<int>(timeout) + 15);
  options.rules.held = std::max(options.rules.held, 2 * options.rules.window);
  return options;
}

std::unique_ptr<LinkSource> open_source(const SourceOptions& options) {
  if (!options.links.empty()) return std::make_unique<LineSource>(options.links);
  if (!options.images.empty()) return std::make_unique<PictureSource>(options.images, options.skip);
  return std::make_unique<ImgurSource>(ImgurApi(options.imgur_api, options.client_id), options.imgur, options.spool);
}

}  // namespace thumbline
