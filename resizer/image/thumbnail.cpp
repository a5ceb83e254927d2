#include "resizer/image/thumbnail.h"

#include <algorithm>
#include <map>
#include <new>
#include <string>

#include "resizer/image/codecs.h"
#include "resizer/image/raster/background.h"
#include "resizer/image/raster/colour_profiles.h"
#include "resizer/image/raster/orientation.h"
#include "resizer/image/raster/resampler.h"

namespace thumbline {
namespace {

/// How much larger than the thumbnail the scaled decoding must leave a picture: below that the crude filter of DCT scaling
/// shows.
constexpr int dct_margin = 2;

Layout in_decoded_pixels(Layout layout, int eighths) {
  const double scale = eighths / 8.0;
  layout.part = {layout.part.x * scale, layout.part.y * scale, layout.part.width * scale, layout.part.height * scale};
  return layout;
}

template <class T>
tl::unexpected<Failure> pass_on(Result<T>& result) {
  return tl::unexpected<Failure>(std::move(result.error()));
}

}  // namespace

class Thumbnailer::Impl {
 public:
  explicit Impl(const Limits& limits) : limits_(limits) {
    for (const Codec& codec : codecs()) {
      decoders_[codec.kind] = codec.make_decoder();
      if (codec.make_encoder != nullptr) encoders_[codec.kind] = codec.make_encoder();
    }
  }

  Result<Thumbnail> make(std::span<const std::byte> picture, const Recipe& recipe);

 private:
  Result<void> shrink(ImageDecoder& decoder, const RowFormat& format, const Layout& layout, Pixel pixel, Tolerance tolerance);
  Result<std::vector<std::byte>> encode(ImageKind kind, const Recipe& recipe);

  Limits limits_;
  std::map<ImageKind, std::unique_ptr<ImageDecoder>> decoders_;
  std::map<ImageKind, std::unique_ptr<ImageEncoder>> encoders_;
  Resampler resampler_;
  ColourProfiles profiles_;
  Bitmap small_;                   ///< the thumbnail in work
  std::vector<std::uint8_t> row_;  ///< a decoded row, converted to RGB
};

/// Colours are converted after resampling: there are a hundred times fewer pixels, and the profile's own curve is as good to
/// resample in as that of sRGB.
Result<Thumbnail> Thumbnailer::Impl::make(std::span<const std::byte> picture, const Recipe& recipe) {
  const auto head = picture.first(std::min(picture.size(), image_kind_bytes));
  const auto kind = image_kind(head);
  if (!kind) return failed(Reason::not_an_image, "no signature of a known image format");
  picture = picture.subspan(leading_blanks(head));
  const ImageFormat& input = format_of(*kind);
  if (!input.thumbnail) return failed(Reason::unsupported_format, std::string(input.name) + " files are not supported");
  ImageDecoder& decoder = *decoders_.at(*kind);

  auto header = decoder.open(picture, limits_, recipe.tolerance);
  if (!header) return pass_on(header);
  const bool swap = swaps_sides(header->orientation);
  const Size stored = header->size;
  const Layout seen = lay_out(swap ? Size{stored.height, stored.width} : stored, recipe);
  const Layout layout = swap ? swapped(seen) : seen;

  auto format = decoder.start(dct_eighths(layout, dct_margin));
  if (!format) return pass_on(format);
  const auto* conversion = profiles_.find(header->profile, format->pixel);
  // CMYK without a profile is converted first: the conversion is not linear, so it does not commute with averaging.
  const Pixel pixel = format->pixel == Pixel::cmyk && conversion == nullptr ? Pixel::rgb : format->pixel;
  auto shrunk = shrink(decoder, *format, in_decoded_pixels(layout, format->eighths), pixel, recipe.tolerance);
  if (!shrunk) return pass_on(shrunk);

  if (header->orientation != 1) small_ = apply_orientation(small_, header->orientation);
  if (conversion != nullptr) ColourProfiles::apply(*conversion, small_);
  if (seen.canvas != seen.picture) small_ = pad(small_, seen.canvas, recipe.background);
  const ImageKind output = recipe.format.value_or(*input.thumbnail);
  auto bytes = encode(output, recipe);
  if (!bytes) return pass_on(bytes);
  return Thumbnail{std::move(*bytes), output, small_.width(), small_.height(), stored.width, stored.height};
}

/// Decodes and resamples all rows into small_. Missing parts of a truncated or damaged picture become black or transparent, or
/// what the decoder fills in: libjpeg uses grey.
Result<void> Thumbnailer::Impl::shrink(ImageDecoder& decoder, const RowFormat& format, const Layout& layout, Pixel pixel,
                                       Tolerance tolerance) {
  const auto tolerable = [tolerance](const Failure& failure) {
    return (failure.reason == Reason::truncated && tolerance != Tolerance::nothing) ||
           (failure.reason == Reason::corrupt && tolerance == Tolerance::damaged);
  };
  resampler_.start(format.size, layout.part, layout.picture, pixel, small_);
  row_.resize(static_cast<std::size_t>(format.size.width) * static_cast<std::size_t>(channels(pixel)));
  bool ended = false;  // the decoder failed: do not call it again
  for (int y = 0; y < format.size.height; ++y) {
    if (ended) {
      resampler_.add_row(row_.data());
      continue;
    }
    auto row = decoder.next_row();
    if (!row && !tolerable(row.error())) return pass_on(row);
    if (!row) {
      ended = true;
      std::ranges::fill(row_, std::uint8_t{0});
      resampler_.add_row(row_.data());
    } else if (format.pixel == pixel) {
      resampler_.add_row(*row);
    } else {
      cmyk_to_rgb(*row, row_.data(), format.size.width);
      resampler_.add_row(row_.data());
    }
  }
  if (ended) return {};
  auto finished = decoder.finish();
  if (!finished && !tolerable(finished.error())) return finished;
  return {};
}

Result<std::vector<std::byte>> Thumbnailer::Impl::encode(ImageKind kind, const Recipe& recipe) {
  ImageEncoder& encoder = *encoders_.at(kind);
  if (!encoder.has_alpha()) flatten(recipe.background, small_);
  return encoder.encode(small_, recipe);
}

Thumbnailer::Thumbnailer(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
Thumbnailer::~Thumbnailer() = default;
Thumbnailer::Thumbnailer(Thumbnailer&&) noexcept = default;
Thumbnailer& Thumbnailer::operator=(Thumbnailer&&) noexcept = default;

Result<Thumbnail> Thumbnailer::make(std::span<const std::byte> picture, const Recipe& recipe) {
  try {
    return impl_->make(picture, recipe);
  } catch (const std::bad_alloc&) {
    return failed(Reason::decode_limit, "not enough memory for the picture");
  }
}

}  // namespace thumbline
