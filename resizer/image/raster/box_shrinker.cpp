#include "resizer/image/raster/box_shrinker.h"

#include <algorithm>

#include "resizer/image/raster/float4.h"

namespace thumbline {
namespace {

/// Converts bytes to floats and premultiplies colours by alpha (as 0 to 1; alpha itself stays 0 to 255).
void spread(const std::uint8_t* row, int width, Pixel pixel, float* out) {
  switch (pixel) {
    case Pixel::grey:
      for (int x = 0; x < width; ++x) out[x] = row[x];
      break;
    case Pixel::grey_alpha:
      for (int x = 0; x < width; ++x) {
        const float alpha = row[2 * x + 1];
        store(Float4{float(row[2 * x]) * alpha * (1 / 255.0F), alpha, 0, 0}, out + 4 * x);
      }
      break;
    case Pixel::rgb:  // loads four bytes for three; the fourth lane is not used
      for (int x = 0; x + 1 < width; ++x) store(load_numbers(row + 3 * x), out + 4 * x);
      row += 3 * (width - 1);
      store(Float4{float(row[0]), float(row[1]), float(row[2]), 0}, out + 4 * (width - 1));
      break;
    case Pixel::rgba:
      for (int x = 0; x < width; ++x) {
        const float share = float(row[4 * x + 3]) * (1 / 255.0F);
        store(load_numbers(row + 4 * x) * Float4{share, share, share, 1}, out + 4 * x);
      }
      break;
    case Pixel::cmyk:
      for (int x = 0; x < width; ++x) store(load_numbers(row + 4 * x), out + 4 * x);
      break;
  }
}

template <class Number>
void add_to(std::vector<Number>& sums, const auto* row, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sums[i] = static_cast<Number>(sums[i] + row[i]);
}

}  // namespace

void BoxShrinker::start(Size source, Pixel pixel, int factor) {
  source_ = source;
  pixel_ = pixel;
  factor_ = factor;
  lanes_ = pixel == Pixel::grey ? 1 : 4;
  y_ = rows_ = 0;
  const auto width = static_cast<std::size_t>(source.width);
  const bool summed = factor > 1;
  const bool alpha = has_alpha(pixel);
  sums_.assign(summed && !alpha ? width * static_cast<std::size_t>(channels(pixel)) + 1 : 0, 0);  // RGB is loaded by four
  row_.resize(summed && alpha ? width * 4 : 0);
  shared_sums_.assign(row_.size(), 0.0F);
  means_.resize(static_cast<std::size_t>(shrunk().width) * static_cast<std::size_t>(lanes_));
}

Size BoxShrinker::shrunk() const {
  return {(source_.width + factor_ - 1) / factor_, (source_.height + factor_ - 1) / factor_};
}

bool BoxShrinker::add_row(const std::uint8_t* row) {
  ++y_;
  if (factor_ == 1) {
    spread(row, source_.width, pixel_, means_.data());
    return true;
  }
  const bool alpha = has_alpha(pixel_);
  if (alpha) {
    spread(row, source_.width, pixel_, row_.data());
    add_to(shared_sums_, row_.data(), row_.size());
  } else {
    add_to(sums_, row, static_cast<std::size_t>(source_.width) * static_cast<std::size_t>(channels(pixel_)));
  }
  if (++rows_ < factor_ && y_ < source_.height) return false;

  if (alpha) {
    average(shared_sums_, 4);
  } else {
    average(sums_, channels(pixel_));
  }
  std::ranges::fill(shared_sums_, 0.0F);
  std::ranges::fill(sums_, std::uint16_t{0});
  rows_ = 0;
  return true;
}

/// Turns column sums into means of squares. `stride`: values per pixel.
template <class Number>
void BoxShrinker::average(const std::vector<Number>& sums, int stride) {
  const Number* from = sums.data();
  float* to = means_.data();
  for (int x = 0; x < source_.width; x += factor_) {
    const int columns = std::min(factor_, source_.width - x);
    const float share = 1 / static_cast<float>(columns * rows_);
    if (stride == 1) {
      float sum = 0;
      for (int i = 0; i < columns; ++i) sum += from[i];
      *to = sum * share;
    } else {
      Float4 sum{};
      for (int i = 0; i < columns; ++i) sum += load_numbers(from + i * stride);
      store(sum * share, to);
    }
    from += columns * stride;
    to += lanes_;
  }
}

}  // namespace thumbline
