#include "resizer/image/raster/filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace thumbline {
namespace {

constexpr double lobes = 3;

double sinc(double x) {
  if (x == 0) return 1;
  const double angle = std::numbers::pi * x;
  return std::sin(angle) / angle;
}

double lanczos(double x) {
  return std::abs(x) < lobes ? sinc(x) * sinc(x / lobes) : 0;
}

}  // namespace

Filter lanczos3(double source, double start, double length, int target) {
  const double scale = length / target;
  const double widening = std::max(scale, 1.0);
  const double reach = lobes * widening;
  const int samples = static_cast<int>(std::ceil(source));

  Filter filter;
  filter.windows.reserve(static_cast<std::size_t>(target));
  for (int i = 0; i < target; ++i) {
    const double centre = start + (i + 0.5) * scale;
    const int first = std::clamp(static_cast<int>(std::floor(centre - reach + 0.5)), 0, samples - 1);
    const int end = std::clamp(static_cast<int>(std::floor(centre + reach + 0.5)), first + 1, samples);
    const std::size_t at = filter.weights.size();
    double sum = 0;
    for (int j = first; j < end; ++j) {
      const double share = std::min(source - j, 1.0);
      const double weight = share * lanczos((j + share / 2 - centre) / widening);
      sum += weight;
      filter.weights.push_back(static_cast<float>(weight));
    }
    for (std::size_t j = at; j < filter.weights.size(); ++j) filter.weights[j] = static_cast<float>(filter.weights[j] / sum);
    filter.windows.push_back({first, end - first, at});
  }
  return filter;
}

}  // namespace thumbline
