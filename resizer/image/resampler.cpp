#include "resizer/image/resampler.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace thumbline {
namespace {

using Float4 [[gnu::vector_size(16)]] = float;
using Byte4 [[gnu::vector_size(4)]] = std::uint8_t;

Float4 load(const float* from) {
  Float4 value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

void store(Float4 value, float* to) {
  std::memcpy(to, &value, sizeof value);
}

Float4 load_bytes(const std::uint8_t* from) {
  Byte4 bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return __builtin_convertvector(bytes, Float4);
}

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

/// How many target rows are being summed up at once, at most.
int most_open(const Filter& down) {
  int most = 1;
  std::size_t oldest = 0;
  for (std::size_t i = 0; i < down.windows.size(); ++i) {
    while (down.windows[oldest].first + down.windows[oldest].count <= down.windows[i].first) ++oldest;
    most = std::max(most, static_cast<int>(i - oldest) + 1);
  }
  return most;
}

}  // namespace

void Resampler::start(Size source, const Box& part, Size target, Pixel pixel, Bitmap& into) {
  across_ = lanczos3(source.width, part.x, part.width, target.width);
  down_ = lanczos3(source.height, part.y, part.height, target.height);
  into_ = &into;
  into.reset(target.width, target.height, pixel);
  pixel_ = pixel;
  columns_ = source.width;
  lanes_ = pixel == Pixel::grey ? 1 : 4;
  y_ = 0;
  open_ = 0;
  ring_ = most_open(down_);
  const auto lanes = static_cast<std::size_t>(lanes_);
  samples_.resize(static_cast<std::size_t>(columns_) * lanes);
  row_.resize(static_cast<std::size_t>(target.width) * lanes);
  open_rows_.assign(row_.size() * static_cast<std::size_t>(ring_), 0.0F);
}

void Resampler::add_row(const std::uint8_t* source) {
  const int y = y_++;
  const int height = into_->height();
  const auto window = [&](int i) { return down_.windows[static_cast<std::size_t>(i)]; };
  if (open_ == height || window(open_).first > y) return;

  spread(source);
  shrink_row();
  const std::size_t length = row_.size();
  for (int i = open_; i < height && window(i).first <= y; ++i) {
    const auto [first, count, weights] = window(i);
    const float weight = down_.weights[weights + static_cast<std::size_t>(y - first)];
    float* sums = open_rows_.data() + static_cast<std::size_t>(i % ring_) * length;
    for (std::size_t x = 0; x < length; ++x) sums[x] += weight * row_[x];
  }
  for (; open_ < height && window(open_).first + window(open_).count == y + 1; ++open_) {
    float* sums = open_rows_.data() + static_cast<std::size_t>(open_ % ring_) * length;
    finish_row(open_, sums);
    std::fill_n(sums, length, 0.0F);
  }
}

/// Bytes to floats, colours multiplied by their alpha (0 to 1; alpha itself stays 0 to 255).
void Resampler::spread(const std::uint8_t* row) {
  const int width = columns_;
  float* out = samples_.data();
  switch (pixel_) {
    case Pixel::grey:
      for (int x = 0; x < width; ++x) out[x] = row[x];
      break;
    case Pixel::grey_alpha:
      for (int x = 0; x < width; ++x) {
        const float grey = row[2 * x];
        const float alpha = row[2 * x + 1];
        store(Float4{grey * alpha * (1 / 255.0F), alpha, 0, 0}, out + 4 * x);
      }
      break;
    case Pixel::rgb:  // four bytes at once for three; the fourth lane is never looked at
      for (int x = 0; x + 1 < width; ++x) store(load_bytes(row + 3 * x), out + 4 * x);
      row += 3 * (width - 1);
      store(Float4{float(row[0]), float(row[1]), float(row[2]), 0}, out + 4 * (width - 1));
      break;
    case Pixel::rgba:
      for (int x = 0; x < width; ++x) {
        const float alpha = row[4 * x + 3];
        const float share = alpha * (1 / 255.0F);
        store(load_bytes(row + 4 * x) * Float4{share, share, share, 1}, out + 4 * x);
      }
      break;
    case Pixel::cmyk:
      for (int x = 0; x < width; ++x) store(load_bytes(row + 4 * x), out + 4 * x);
      break;
  }
}

/// samples_ to row_: along the row.
void Resampler::shrink_row() {
  float* out = row_.data();
  for (const auto& [first, count, at] : across_.windows) {
    const float* weights = across_.weights.data() + at;
    const float* samples = samples_.data() + static_cast<std::size_t>(first) * static_cast<std::size_t>(lanes_);
    Float4 sum{};
    int i = 0;
    if (lanes_ == 4) {
      Float4 odd{};  // two sums, so that an addition need not wait for the one before
      for (; i + 1 < count; i += 2) {
        sum += load(samples + 4 * i) * weights[i];
        odd += load(samples + 4 * i + 4) * weights[i + 1];
      }
      if (i < count) sum += load(samples + 4 * i) * weights[i];
      store(sum + odd, out);
      out += 4;
    } else {
      for (; i + 3 < count; i += 4) sum += load(samples + i) * load(weights + i);
      float total = sum[0] + sum[1] + sum[2] + sum[3];
      for (; i < count; ++i) total += samples[i] * weights[i];
      *out++ = total;
    }
  }
}

/// Back to bytes; colours divided by their alpha again.
void Resampler::finish_row(int y, const float* sums) {
  std::uint8_t* out = into_->row(y);
  const int size = channels(pixel_);
  const int colours = has_alpha(pixel_) ? size - 1 : size;
  for (int x = 0; x < into_->width(); ++x, sums += lanes_, out += size) {
    float whole = 1;
    if (has_alpha(pixel_)) {
      const float alpha = std::clamp(sums[colours], 0.0F, 255.0F);
      out[colours] = to_byte(alpha);
      whole = out[colours] == 0 ? 0 : 255 / alpha;  // no colour where nothing is to be seen
    }
    for (int i = 0; i < colours; ++i) out[i] = to_byte(sums[i] * whole);
  }
}

}  // namespace thumbline
