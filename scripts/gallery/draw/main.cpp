#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "scripts/gallery/draw/file.h"
#include "scripts/gallery/draw/scene.h"

namespace {

using namespace thumbline::gallery;

constexpr int min_side = 64;
constexpr int most_side = 8192;

struct Wanted {
  int count = 300;
  int max_side = 1600;
  std::optional<Size> exact;  ///< of every picture, as it is seen
};

struct File {
  std::string name;
  std::vector<std::uint8_t> bytes;
};

/// 7 letters or digits, as Imgur's ids; another for each number.
std::string id_of(int number) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::uint64_t ids = 3'521'614'606'208;     // 62 to the 7th
  constexpr std::uint64_t factor = 1'234'567'891'013;  // has no divisor in common with it
  std::string id;
  for (std::uint64_t left = (static_cast<std::uint64_t>(number) + 1) * factor % ids; id.size() < 7; left /= letters.size()) {
    id += letters[left % letters.size()];
  }
  return id;
}

/// The longer side is a ninth to all of `max_side`, most often the smaller; two in three are wider than high.
Size pick_size(Chance& chance, int max_side) {
  const float longer = static_cast<float>(max_side) * std::pow(9.0F, -chance.between(0, 1));
  const float shorter = longer * chance.between(.5F, 1);
  const auto whole = [max_side](float side) { return std::clamp(static_cast<int>(side), min_side, max_side); };
  return chance.whole(1, 3) < 3 ? Size{whole(longer), whole(shorter)} : Size{whole(shorter), whole(longer)};
}

/// The picture of that number: one in five a PNG. It does not depend on how many there are.
File draw(int number, const Wanted& wanted) {
  Chance chance(static_cast<std::uint64_t>(number) + 1);
  const std::string id = id_of(number);
  Pixels pixels = draw_scene(wanted.exact ? *wanted.exact : pick_size(chance, wanted.max_side), chance);
  const int turn = number / 5;
  if (number % 5 == 4) {
    const PngLook look{.grey = turn % 4 == 3, .alpha = turn % 2 == 1, .interlaced = turn % 3 == 2};
    if (look.alpha) cut_out(pixels);
    return {id + ".png", png_file(pixels, look)};
  }
  const JpegLook look{.quality = chance.whole(72, 95),
                      .sampling = turn % 3 == 0 ? Sampling{static_cast<std::uint8_t>(number % 5 % 3)} : Sampling::half_both,
                      .grey = number % 25 == 7,
                      .progressive = turn % 3 == 1,
                      .orientation = number % 5 == 1 ? 1 + turn % 8 : 0};
  if (look.orientation > 0) mark_this_way_up(pixels);
  return {id + ".jpg", jpeg_file(pixels, look)};
}

void save(const std::filesystem::path& folder, const File& file) {
  std::ofstream out(folder / file.name, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(file.bytes.data()), static_cast<std::streamsize>(file.bytes.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + (folder / file.name).string());
}

/// Each picture follows from its number, so any number of threads makes the same files.
void draw_all(const Wanted& wanted, const std::filesystem::path& folder) {
  std::atomic<int> next = 0;
  std::vector<std::future<void>> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    threads.push_back(std::async(std::launch::async, [&] {
      for (int number = next++; number < wanted.count; number = next++) save(folder, draw(number, wanted));
    }));
  }
  for (auto& thread : threads) thread.get();  // throws what it has thrown
}

/// "640x480"; throws where it is something else.
Size parse_size(const std::string& text) {
  Size size;
  char rest = 0;
  const bool whole = std::sscanf(text.c_str(), "%4dx%4d%c", &size.width, &size.height, &rest) == 2;  // NOLINT: checked
  if (whole && std::min(size.width, size.height) > 0 && std::max(size.width, size.height) <= most_side) return size;
  throw CLI::ValidationError("--size", "\"" + text + "\" is not a size: use WIDTHxHEIGHT, at most 8192x8192");
}

}  // namespace

int main(int argc, char** argv) try {
  Wanted wanted;
  std::string folder;
  std::string size;
  CLI::App app("Draws the pictures of the demo's gallery, the same ones each time.");
  app.add_option("folder", folder, "Where they go; created if missing")->required();
  app.add_option("--count", wanted.count, "How many")->check(CLI::Range(0, 10'000'000))->capture_default_str();
  app.add_option("--max-side", wanted.max_side, "The longest side, in pixels")
      ->check(CLI::Range(min_side, most_side))
      ->capture_default_str();
  app.add_option("--size", size, "Size of every picture as it is seen, such as 16x16 (default: various)");
  try {
    app.parse(argc, argv);
    if (!size.empty()) wanted.exact = parse_size(size);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  std::filesystem::create_directories(folder);
  draw_all(wanted, folder);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "thumbline-draw: %s\n", error.what());
  return 3;
}
