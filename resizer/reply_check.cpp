#include "resizer/reply_check.h"

#include "common/base/image_kind.h"
#include "resizer/image/codecs.h"
#include "resizer/image/raster/geometry.h"

namespace thumbline {
namespace {

/// An upper bound for any encoder, padding to blocks of 16 by 16 included.
std::uint64_t most_bytes(Size size) {
  return (64U << 10) + 8 * std::uint64_t(size.width + 16) * std::uint64_t(size.height + 16);
}

}  // namespace

std::string check_reply(const DecodeReply& reply, const DecodeOrder& order, const Limits& limits,
                        std::span<const std::byte> first) {
  const Size size{reply.width, reply.height};
  const Size source{reply.source_width, reply.source_height};
  if (source.width < 1 || source.height < 1 || std::uint64_t(source.width) * std::uint64_t(source.height) > limits.max_pixels) {
    return "an original of a size that is not allowed";
  }
  const bool as_stored = size == lay_out(source, order.recipe).canvas;
  const bool turned = size == lay_out({source.height, source.width}, order.recipe).canvas;
  if (!as_stored && !turned) return "a thumbnail of another size than requested";
  if (reply.bytes > most_bytes(size)) return "more bytes than a thumbnail of that size can have";
  if (order.recipe.format.value_or(reply.kind) != reply.kind) return "a thumbnail of another kind than requested";
  if (leading_blanks(first) != 0 || image_kind(first) != reply.kind) return "a thumbnail without the signature of its kind";
  const Codec* codec = find_codec(reply.kind);
  if (codec == nullptr || codec->encoded_size == nullptr) return "a thumbnail of a kind that is never written";
  if (codec->encoded_size(first) != size) return "another size than the thumbnail's header states";
  return "";
}

}  // namespace thumbline
