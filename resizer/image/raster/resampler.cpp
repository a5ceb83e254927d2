#include "resizer/image/raster/resampler.h"

#include <algorithm>

#include "resizer/image/raster/float4.h"

namespace thumbline {
namespace {

/// The box filter leaves a picture at least this much larger than the target. It is a poorer filter than Lanczos, but followed
/// by a Lanczos reduction by two it costs only half a decibel of 57.
constexpr double box_margin = 2;

int box_factor(const Box& part, Size target) {
  const double shrink = std::min(part.width / target.width, part.height / target.height);
  return std::clamp(static_cast<int>(shrink / box_margin), 1, BoxShrinker::max_factor);
}

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

/// The most target rows that are unfinished at once.
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
  const int factor = box_factor(part, target);
  box_.start(source, pixel, factor);
  across_ = lanczos3(double(source.width) / factor, part.x / factor, part.width / factor, target.width);
  down_ = lanczos3(double(source.height) / factor, part.y / factor, part.height / factor, target.height);
  into_ = &into;
  into.reset(target.width, target.height, pixel);
  lanes_ = box_.lanes();
  y_ = 0;
  open_ = 0;
  ring_ = most_open(down_);
  row_.resize(static_cast<std::size_t>(target.width) * static_cast<std::size_t>(lanes_));
  open_rows_.assign(row_.size() * static_cast<std::size_t>(ring_), 0.0F);
}

void Resampler::add_row(const std::uint8_t* row) {
  if (box_.add_row(row)) add_means(box_.means());
}

void Resampler::add_means(const float* samples) {
  const int y = y_++;
  const int height = into_->height();
  const auto window = [&](int i) { return down_.windows[static_cast<std::size_t>(i)]; };
  if (open_ == height || window(open_).first > y) return;

  shrink_row(samples);
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

/// Resamples a row horizontally to row_.
void Resampler::shrink_row(const float* row) {
  float* out = row_.data();
  for (const auto& [first, count, at] : across_.windows) {
    const float* weights = across_.weights.data() + at;
    const float* samples = row + static_cast<std::size_t>(first) * static_cast<std::size_t>(lanes_);
    Float4 sum{};
    int i = 0;
    if (lanes_ == 4) {
      Float4 odd{};  // two sums: additions need not wait for each other
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

/// Converts a finished row to bytes and undoes the premultiplication by alpha.
void Resampler::finish_row(int y, const float* sums) {
  std::uint8_t* out = into_->row(y);
  const Pixel pixel = into_->pixel();
  const int size = channels(pixel);
  const int colours = has_alpha(pixel) ? size - 1 : size;
  for (int x = 0; x < into_->width(); ++x, sums += lanes_, out += size) {
    float whole = 1;
    if (has_alpha(pixel)) {
      const float alpha = std::clamp(sums[colours], 0.0F, 255.0F);
      out[colours] = to_byte(alpha);
      whole = out[colours] == 0 ? 0 : 255 / alpha;  // fully transparent: no colour
    }
    for (int i = 0; i < colours; ++i) out[i] = to_byte(sums[i] * whole);
  }
}

}  // namespace thumbline
