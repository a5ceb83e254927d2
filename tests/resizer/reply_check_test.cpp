#include "resizer/reply_check.h"

#include "resizer/image/raster/geometry.h"
#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

namespace {

/// What an honest decoder says of a thumbnail of that size, made of a picture four times as large.
struct Claim {
  explicit Claim(ImageKind kind = ImageKind::jpeg, Size size = {100, 75})
      : thumbnail(kind == ImageKind::jpeg ? drawn::jpeg(drawn::draw(size.width, size.height, Pixel::rgb))
                                          : drawn::png(drawn::draw(size.width, size.height, Pixel::rgb))) {
    order.recipe.width = order.recipe.height = 100;
    reply.done = true;
    reply.kind = kind;
    reply.width = size.width;
    reply.height = size.height;
    reply.source_width = 4 * size.width;
    reply.source_height = 4 * size.height;
    reply.bytes = thumbnail.size();
  }

  [[nodiscard]] bool is_believed() const { return check_reply(reply, order, {}, thumbnail).empty(); }

  drawn::Bytes thumbnail;
  DecodeOrder order;
  DecodeReply reply;
};

}  // namespace

TEST_CASE("an honest decoder is believed, whichever way the picture was turned") {
  for (const ImageKind kind : {ImageKind::jpeg, ImageKind::png}) {
    for (const Size size : {Size{100, 75}, Size{75, 100}}) CHECK(Claim(kind, size).is_believed());
    Claim turned(kind, {75, 100});
    std::swap(turned.reply.source_width, turned.reply.source_height);
    CHECK(turned.is_believed());
  }
}

TEST_CASE("a decoder that was taken over is not believed") {
  Claim claim;
  SECTION("another size than was ordered") {
    claim.reply.width = 99;
  }
  SECTION("a larger size") {
    claim.order.recipe.width = claim.order.recipe.height = 50;
  }
  SECTION("no size") {
    claim.reply.width = claim.reply.height = 0;
  }
  SECTION("an original of no width") {
    claim.reply.source_width = 0;
  }
  SECTION("an original of no height") {
    claim.reply.source_height = 0;
  }
  SECTION("an original that is too wide") {
    claim.reply.source_width = 70'000;
  }
  SECTION("an original of too many pixels") {
    claim.reply.source_width = 40'000;
    claim.reply.source_height = 30'000;
  }
  SECTION("more bytes than so many pixels can have") {
    claim.reply.bytes = std::uint64_t{1} << 62;
  }
  SECTION("the other kind than was ordered") {
    claim.order.recipe.format = ImageKind::png;
  }
  SECTION("the other kind than its bytes") {
    claim.reply.kind = ImageKind::png;
  }
  SECTION("bytes of no picture") {
    claim.thumbnail.assign(1000, std::byte{'x'});
  }
  SECTION("no bytes") {
    claim.thumbnail.clear();
  }
  SECTION("bytes that begin later") {
    claim.thumbnail.insert(claim.thumbnail.begin(), std::byte{'\n'});
  }
  SECTION("bytes of another size") {
    claim.thumbnail = Claim(ImageKind::jpeg, {75, 100}).thumbnail;
  }
  SECTION("bytes that end before their size") {
    claim.thumbnail.resize(20);
  }
  SECTION("segments that lead nowhere") {
    claim.thumbnail[5] = std::byte{0xFF};
  }
  CHECK_FALSE(claim.is_believed());
}

TEST_CASE("a PNG whose bytes have another size is not believed") {
  Claim claim(ImageKind::png);
  SECTION("a little") {
    claim.thumbnail = Claim(ImageKind::png, {75, 100}).thumbnail;
  }
  SECTION("far more") {
    claim.thumbnail[17] = std::byte{1};
  }
  SECTION("none") {
    claim.thumbnail.resize(20);
  }
  CHECK_FALSE(claim.is_believed());
}

TEST_CASE("a kind that was ordered is believed") {
  Claim claim;
  claim.order.recipe.format = ImageKind::jpeg;
  CHECK(claim.is_believed());
  Claim other(ImageKind::png);
  other.order.recipe.format = ImageKind::png;
  CHECK(other.is_believed());
}
