#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "common/base/image_kind.h"
#include "resizer/image/image_decoder.h"
#include "resizer/image/image_encoder.h"
#include "resizer/image/raster/geometry.h"

namespace thumbline {

/// Decodes and encodes pictures of one kind. The other facts about the kind are in common/base/image_kind.h.
struct Codec {
  ImageKind kind;
  std::unique_ptr<ImageDecoder> (*make_decoder)();
  /// Null if thumbnails are never of this kind.
  std::unique_ptr<ImageEncoder> (*make_encoder)() = nullptr;
  /// The size stated in the first bytes of a file that the encoder wrote; nullopt if there is none. `head` has the whole file
  /// or at least 64 KiB. Runs outside the sandbox on untrusted bytes, so it is a few lines without a codec.
  std::optional<Size> (*encoded_size)(std::span<const std::byte> head) = nullptr;
};

/// One codec for each kind that can be decoded.
std::span<const Codec> codecs();
/// Null if pictures of that kind cannot be decoded.
const Codec* find_codec(ImageKind kind);

}  // namespace thumbline
