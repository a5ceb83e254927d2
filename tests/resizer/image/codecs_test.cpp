#include "resizer/image/codecs.h"

#include <algorithm>

#include "resizer/image/raster/background.h"
#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

/// A picture as the codec writes it.
std::vector<std::byte> file_of(const Codec& codec, Bitmap picture) {
  const auto encoder = codec.make_encoder();
  if (!encoder->has_alpha()) flatten({}, picture);
  auto file = encoder->encode(picture, {});
  REQUIRE(file);
  return *file;
}

}  // namespace

TEST_CASE("what the table of formats says can be decoded or encoded has a codec that does") {
  for (const ImageFormat& format : image_formats()) {
    CAPTURE(format.name);
    const Codec* codec = find_codec(format.kind);
    CHECK(format.is_decoded() == (codec != nullptr));
    if (codec == nullptr) continue;
    CHECK(codec->kind == format.kind);
    CHECK(codec->make_decoder() != nullptr);
    CHECK(format.is_encoded() == (codec->make_encoder != nullptr));
    CHECK(format.is_encoded() == (codec->encoded_size != nullptr));
  }
  CHECK(find_codec(static_cast<ImageKind>(255)) == nullptr);
}

TEST_CASE("a codec's files are of its kind, state their size and can be decoded") {
  for (const Codec& codec : codecs()) {
    if (codec.make_encoder == nullptr) continue;
    for (const Pixel pixel : {Pixel::grey, Pixel::grey_alpha, Pixel::rgb, Pixel::rgba}) {
      for (const Size size : {Size{1, 1}, Size{97, 300}, Size{300, 1}}) {
        CAPTURE(format_of(codec.kind).name, static_cast<int>(pixel), size.width, size.height);
        const auto file = file_of(codec, drawn::draw(size.width, size.height, pixel));
        CHECK(image_kind(file) == codec.kind);
        CHECK(codec.encoded_size(file) == size);
        const auto decoder = codec.make_decoder();
        const auto header = decoder->open(file, {});
        REQUIRE(header);
        CHECK(header->size == size);
      }
    }
  }
}

TEST_CASE("the size of a file that is cut or damaged is read within its bytes") {
  for (const Codec& codec : codecs()) {
    if (codec.make_encoder == nullptr) continue;
    const Size size{97, 300};
    const auto file = file_of(codec, drawn::draw(size.width, size.height, Pixel::rgb));
    for (std::size_t length = 0; length < std::min<std::size_t>(file.size(), 1000); ++length) {
      const std::vector<std::byte> cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
      const auto found = codec.encoded_size(cut);
      CHECK((!found || found == size));
      auto damaged = file;
      damaged[length] ^= std::byte{0xFF};
      codec.encoded_size(damaged);
    }
    CHECK_FALSE(codec.encoded_size({}).has_value());
  }
}
