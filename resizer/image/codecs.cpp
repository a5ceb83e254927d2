#include "resizer/image/codecs.h"

#include <algorithm>
#include <array>

#include "resizer/image/jpeg/jpeg_decoder.h"
#include "resizer/image/jpeg/jpeg_encoder.h"
#include "resizer/image/png/png_decoder.h"
#include "resizer/image/png/png_encoder.h"

namespace thumbline {
namespace {

template <class Interface, class Class>
std::unique_ptr<Interface> make() {
  return std::make_unique<Class>();
}

constexpr std::array table{
    Codec{ImageKind::jpeg, make<ImageDecoder, JpegDecoder>, make<ImageEncoder, JpegEncoder>, JpegEncoder::encoded_size},
    Codec{ImageKind::png, make<ImageDecoder, PngDecoder>, make<ImageEncoder, PngEncoder>, PngEncoder::encoded_size},
};

}  // namespace

std::span<const Codec> codecs() {
  return table;
}

const Codec* find_codec(ImageKind kind) {
  const auto* found = std::ranges::find(table, kind, &Codec::kind);
  return found == table.end() ? nullptr : found;
}

}  // namespace thumbline
