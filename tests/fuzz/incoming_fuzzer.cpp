// A picture's bytes as they come from the network, in pieces of any size.
#include <filesystem>
#include <fstream>
#include <string>

#include "fetcher/incoming_picture.h"
#include "tests/fuzz/input.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

std::string content(const std::filesystem::path& file) {
  std::string bytes(std::filesystem::file_size(file), '\0');
  std::ifstream(file, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::ScratchFolder folder;
  static Store store(folder.path().string());
  static IncomingPicture picture(store);
  Input input(data, size);
  const auto most = static_cast<std::uint64_t>(input.byte()) * 256;
  const std::size_t step = 1 + static_cast<std::size_t>(input.byte()) * 16;
  const std::string_view whole = input.text();
  const auto kind = image_kind(input.rest().first(std::min(input.rest().size(), image_kind_bytes)));

  picture.begin(7, "name", most);
  Result<void> taken;
  while (taken && !input.rest().empty()) taken = picture.take(input.take(step));
  const Result<StoredPicture> stored = taken ? picture.finish() : tl::unexpected(taken.error());
  const bool fits = whole.size() <= most;
  require(stored.has_value() == (fits && kind), "what is a picture and not too large is stored");
  if (stored) {
    require(stored->path == Store::picture_path("name", *kind), "its name follows from its kind");
    require(stored->bytes == whole.size() && content(store.full(stored->path)) == whole, "all of it is stored");
    std::filesystem::remove(store.full(stored->path));  // the first picture of a name would stay
  } else {
    const Reason reason = stored.error().reason;
    require((reason == Reason::too_large && !fits) || (reason == Reason::not_an_image && !kind), "the reason is the right one");
  }
  picture.drop();
  return 0;
}
