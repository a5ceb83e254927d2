// thumbline-fuzz-seeds DIR: writes what the fuzzers start from, into DIR/TARGET. Made here, the same each time.
#include "tests/fuzz/seeds.h"

#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

namespace thumbline::fuzz {

void Seeds::add(const std::string& target, std::initializer_list<int> choices, std::string_view text) {
  const int number = count_[target]++;
  const auto folder = folder_ / target;
  if (number == 0) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  std::ofstream file(folder / std::to_string(number), std::ios::binary);
  for (const int choice : choices) file.put(static_cast<char>(choice));
  file << text << std::flush;
  if (!file) throw std::runtime_error("cannot write " + (folder / std::to_string(number)).string());
}

void Seeds::add(const std::string& target, std::initializer_list<int> choices, std::span<const std::byte> bytes) {
  add(target, choices, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace thumbline::fuzz

int main(int argc, char** argv) {
  using namespace thumbline::fuzz;
  if (argc != 2) {
    std::fputs("usage: thumbline-fuzz-seeds DIR\n", stderr);
    return 2;
  }
  try {
    Seeds seeds(argv[1]);
    add_jpegs(seeds);
    add_pngs(seeds);
    add_exif_blocks(seeds);
    add_profiles(seeds);
    add_texts(seeds);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "thumbline-fuzz-seeds: %s\n", error.what());
    return 1;
  }
  return 0;
}
