/// The picture library alone, for measuring: makes a thumbnail of each file of a folder, in one thread, with nothing around it.
///   thumbline-shrink IN OUT [FORMAT]
/// Prints how many bytes of memory it has had at most.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/image_kind.h"
#include "resizer/image/thumbnail.h"

namespace {

namespace fs = std::filesystem;
using thumbline::Recipe;
using thumbline::Thumbnailer;

/// Of this process, in bytes, as proc(5) has it: what wait4(2) says counts in whoever started it.
std::uint64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::uint64_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

/// Into `bytes`, which keeps its memory from file to file.
std::span<const std::byte> read_file(const fs::path& path, std::vector<std::byte>& bytes) {
  const auto size = static_cast<std::size_t>(fs::file_size(path));
  if (bytes.size() < size) bytes.resize(size);
  std::ifstream file(path, std::ios::binary);
  file.rdbuf()->pubsetbuf(nullptr, 0);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  return std::span(bytes).first(size);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: thumbline-shrink IN OUT [FORMAT]\n", stderr);
    return 2;
  }
  const fs::path out = argv[2];
  Recipe recipe;
  if (argc > 3) recipe.format = thumbline::thumbnail_kind(argv[3]);
  fs::create_directories(out);
  std::vector<fs::path> pictures;
  for (const auto& entry : fs::directory_iterator(argv[1])) pictures.push_back(entry.path());
  std::ranges::sort(pictures);

  Thumbnailer thumbnailer;
  std::vector<std::byte> buffer;
  int failures = 0;
  for (const auto& picture : pictures) {
    const auto thumbnail = thumbnailer.make(read_file(picture, buffer), recipe);
    if (!thumbnail) {
      std::fprintf(stderr, "%s: %s\n", picture.c_str(), thumbnail.error().detail.c_str());
      ++failures;
      continue;
    }
    const std::string name = picture.stem().string() + "_thumbnail." + std::string(thumbline::extension(thumbnail->kind));
    std::ofstream file(out / name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(thumbnail->bytes.data()), static_cast<std::streamsize>(thumbnail->bytes.size()));
  }
  std::printf("%llu\n", static_cast<unsigned long long>(peak_memory()));
  return failures == 0 ? 0 : 1;
}
