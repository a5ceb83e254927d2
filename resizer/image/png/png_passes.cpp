#include "resizer/image/png/png_passes.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace thumbline {
namespace {

struct Pass {
  int x, y, dx, dy;
};
constexpr std::array<Pass, PngPasses::count> passes{
    {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}};

const Pass& pass_of(int number) {
  return passes.at(static_cast<std::size_t>(number));
}

int divided(int length, int by) {
  return static_cast<int>((static_cast<std::int64_t>(length) + by - 1) / by);
}

Size divided(Size size, int by) {
  return {divided(size.width, by), divided(size.height, by)};
}

template <std::size_t bytes>
void spread(const std::uint8_t* pixels, int width, std::uint8_t* out, std::size_t step) {
  for (int i = 0; i < width; ++i, pixels += bytes, out += step) std::memcpy(out, pixels, bytes);
}

}  // namespace

std::uint64_t PngPasses::memory(Size size, Pixel pixel, int factor) {
  const Size shrunk = divided(size, factor);
  const std::uint64_t samples = static_cast<std::uint64_t>(shrunk.width) * static_cast<std::uint64_t>(shrunk.height) *
                                static_cast<std::uint64_t>(channels(pixel));
  return factor == 1 ? samples : samples * sizeof(std::uint32_t);
}

void PngPasses::start(Size size, Pixel pixel, int factor) {
  size_ = size;
  shrunk_ = divided(size, factor);
  pixel_ = pixel;
  factor_ = factor;
  const auto samples = static_cast<std::size_t>(shrunk_.width) * static_cast<std::size_t>(shrunk_.height) *
                       static_cast<std::size_t>(channels(pixel));
  drop();
  if (factor == 1) {
    rows_.resize(samples);
  } else {
    sums_.resize(samples);
    row_.resize(static_cast<std::size_t>(shrunk_.width) * static_cast<std::size_t>(channels(pixel)));
  }
}

Size PngPasses::pass_size(int pass) const {
  const auto& [x, y, dx, dy] = pass_of(pass);
  return {size_.width > x ? divided(size_.width - x, dx) : 0, size_.height > y ? divided(size_.height - y, dy) : 0};
}

void PngPasses::add_row(int pass, int row, const std::uint8_t* pixels) {
  const auto& [x, first, dx, dy] = pass_of(pass);
  const int width = pass_size(pass).width;
  const int y = first + row * dy;
  if (factor_ > 1) {
    add_to_sums(x, dx, y, pixels, width);
    return;
  }
  const auto size = static_cast<std::size_t>(channels(pixel_));
  const std::size_t step = size * static_cast<std::size_t>(dx);
  std::uint8_t* out =
      rows_.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width) + static_cast<std::size_t>(x)) * size;
  switch (size) {
    case 1: spread<1>(pixels, width, out, step); break;
    case 2: spread<2>(pixels, width, out, step); break;
    case 3: spread<3>(pixels, width, out, step); break;
    default: spread<4>(pixels, width, out, step); break;
  }
}

void PngPasses::add_to_sums(int x, int step, int y, const std::uint8_t* pixels, int width) {
  const int size = channels(pixel_);
  const bool alpha = has_alpha(pixel_);
  const int colours = alpha ? size - 1 : size;
  std::uint32_t* line = sums_.data() + static_cast<std::size_t>(y / factor_) * row_.size();
  for (int i = 0; i < width; ++i, x += step, pixels += size) {
    std::uint32_t* sums = line + static_cast<std::size_t>(x / factor_) * static_cast<std::size_t>(size);
    const std::uint32_t weight = alpha ? pixels[colours] : 1;
    for (int c = 0; c < colours; ++c) sums[c] += pixels[c] * weight;
    if (alpha) sums[colours] += weight;
  }
}

const std::uint8_t* PngPasses::row(int y) {
  const auto size = static_cast<std::size_t>(channels(pixel_));
  if (factor_ == 1) return rows_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width) * size;
  const std::size_t colours = has_alpha(pixel_) ? size - 1 : size;
  const int rows = std::min(factor_, size_.height - y * factor_);
  const std::uint32_t* sums = sums_.data() + static_cast<std::size_t>(y) * row_.size();
  std::uint8_t* out = row_.data();
  for (int x = 0; x < shrunk_.width; ++x, sums += size, out += size) {
    const auto pixels = static_cast<std::uint32_t>(std::min(factor_, size_.width - x * factor_) * rows);
    std::uint32_t weight = pixels;
    if (colours < size) {
      weight = sums[colours];
      out[colours] = static_cast<std::uint8_t>((weight + pixels / 2) / pixels);
    }
    for (std::size_t c = 0; c < colours; ++c) {
      out[c] = weight == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>((sums[c] + weight / 2) / weight);
    }
  }
  return row_.data();
}

void PngPasses::drop() {
  rows_ = {};
  sums_ = {};
  row_ = {};
}

}  // namespace thumbline
