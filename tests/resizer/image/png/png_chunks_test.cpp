#include "resizer/image/png/png_chunks.h"

#include <algorithm>

#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

const drawn::Bytes data{std::byte{1}, std::byte{2}, std::byte{3}};

drawn::Bytes joined(std::initializer_list<drawn::Bytes> parts) {
  drawn::Bytes all;
  for (const drawn::Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

TEST_CASE("chunks are walked through by their lengths") {
  const drawn::Bytes both = joined({drawn::chunk("teSt", data), drawn::chunk("IEND", {})});
  const PngChunk first = PngChunk::first_of(both);
  CHECK(first.name() == "teSt");
  CHECK(first.is_sound());
  CHECK(std::ranges::equal(first.data(), data));
  const PngChunk second = PngChunk::first_of(first.rest());
  CHECK(second.name() == "IEND");
  CHECK(second.is_sound());
  CHECK(second.data().empty());
  CHECK(PngChunk::first_of(second.rest()).name().empty());
}

TEST_CASE("a chunk that is cut off or claims too much is none, and one that was changed is not sound") {
  drawn::Bytes chunk = drawn::chunk("teSt", data);
  for (std::size_t length = 0; length < chunk.size(); ++length) {
    const drawn::Bytes cut(chunk.begin(),
                           chunk.begin() + static_cast<std::ptrdiff_t>(length));  // so that reading past its end is noticed
    CHECK(PngChunk::first_of(cut).name().empty());
  }
  const std::size_t place = GENERATE(4, 8, 12);  // name, data, checksum
  chunk[place] ^= std::byte{32};
  CHECK_FALSE(PngChunk::first_of(chunk).is_sound());
  chunk[0] = std::byte{0xFF};
  CHECK(PngChunk::first_of(chunk).name().empty());
}

TEST_CASE("a chunk is found wherever it stands") {
  drawn::Bytes file = drawn::png(drawn::draw(4, 3, Pixel::rgb));
  CHECK(find_png_chunk(file, "teSt").empty());
  CHECK(find_png_chunk(file, "IHDR").size() == 13);
  const drawn::Bytes chunk = drawn::chunk("teSt", data);
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(drawn::find_chunk(file, "IEND")), chunk.begin(), chunk.end());
  CHECK(std::ranges::equal(find_png_chunk(file, "teSt"), data));
  file.at(drawn::find_chunk(file, "teSt") + 8) = std::byte{9};
  CHECK(find_png_chunk(file, "teSt").empty());
}
