#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "scripts/gallery/draw/plan.h"

namespace {

using namespace thumbline::gallery;

/// "640x480"; throws where it is something else.
Size parse_size(const std::string& text) {
  Size size;
  const char* end = text.data() + text.size();
  const auto [cross, width_error] = std::from_chars(text.data(), end, size.width);
  if (width_error == std::errc{} && cross != end && *cross == 'x') {
    const auto [rest, height_error] = std::from_chars(cross + 1, end, size.height);
    if (height_error == std::errc{} && rest == end && size.width > 0 && size.height > 0 && size.width <= 8192 &&
        size.height <= 8192) {
      return size;
    }
  }
  throw CLI::ValidationError("--size", "\"" + text + "\" is no size: write it as 640x480, at most 8192x8192");
}

void save(const std::filesystem::path& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

/// Each picture follows from its plan alone, so any number of threads gives the same files.
void draw_all(const std::vector<Plan>& plans, const std::filesystem::path& folder, unsigned jobs) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::future<void>> workers;
  for (unsigned job = 0; job < jobs; ++job) {
    workers.push_back(std::async(std::launch::async, [&] {
      for (std::size_t i = next++; i < plans.size(); i = next++) {
        save(folder / plans[i].name, draw(plans[i]));
      }
    }));
  }
  for (auto& worker : workers) {
    worker.get();  // throws what its thread has thrown
  }
}

}  // namespace

int main(int argc, char** argv) try {
  Wanted wanted;
  std::string folder;
  std::string size;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  CLI::App app("Draws the pictures of the local gallery, the same ones for the same seed.");
  app.add_option("folder", folder, "Where they go; made where it is missing")->required();
  app.add_option("--count", wanted.count, "How many, besides removed.png")
      ->check(CLI::Range(0, 10'000'000))
      ->capture_default_str();
  app.add_option("--seed", wanted.seed, "Another seed, other pictures")->capture_default_str();
  app.add_option("--max-side", wanted.max_side, "The longest side, in pixels")
      ->check(CLI::Range(min_side, 8192))
      ->capture_default_str();
  app.add_option("--size", size, "Give every picture this size (as it is seen), such as 16x16");
  app.add_option("--jobs", jobs, "Threads that draw")->check(CLI::Range(1, 1024))->capture_default_str();
  try {
    app.parse(argc, argv);
    if (!size.empty()) {
      wanted.exact = parse_size(size);
    }
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  std::filesystem::create_directories(folder);
  draw_all(plan_gallery(wanted), folder, jobs);
  save(std::filesystem::path(folder) / "removed.png", draw_removed_file());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "thumbline-draw: %s\n", error.what());
  return 3;
}
