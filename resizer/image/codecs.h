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

/// How pictures of one kind are decoded and encoded. What else is known of the kind: common/base/image_kind.h.
struct Codec {
  ImageKind kind;
  std::unique_ptr<ImageDecoder> (*make_decoder)();
  /// Null where thumbnails are never of this kind.
  std::unique_ptr<ImageEncoder> (*make_encoder)() = nullptr;
  /// The size that a file of the encoder states in its first bytes (`head`, at least 64 KiB of a longer file); nothing where it
  /// states none. Reads untrusted bytes outside of the sandbox: a few lines, no codec.
  std::optional<Size> (*encoded_size)(std::span<const std::byte> head) = nullptr;
};

/// The table of codecs: a row for each kind that can be decoded.
std::span<const Codec> codecs();
/// Null where pictures of that kind cannot be decoded.
const Codec* find_codec(ImageKind kind);

}  // namespace thumbline
