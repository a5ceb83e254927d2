#include "collector/units.h"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <cmath>

namespace thumbline {
namespace {

/// Three figures, no more than two of them behind the point.
std::string three_figures(double value) {
  // The bounds are where rounding would give a fourth figure.
  if (value < 9.995) return fmt::format("{:.2f}", value);
  if (value < 99.95) return fmt::format("{:.1f}", value);
  return count_text(static_cast<std::uint64_t>(std::llround(value)));
}

}  // namespace

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t from_right = 3; from_right < text.size(); from_right += 4) text.insert(text.size() - from_right, 1, ' ');
  return text;
}

std::string duration_text(std::uint64_t us) {
  const auto value = static_cast<double>(us);
  if (us < 1000) return fmt::format("{} µs", us);
  if (value < 9.95e3) return fmt::format("{:.1f} ms", value / 1e3);
  if (value < 999.5e3) return fmt::format("{:.0f} ms", value / 1e3);
  if (value < 59.95e6) return three_figures(value / 1e6) + " s";
  const std::uint64_t seconds = (us + 500'000) / 1'000'000;
  if (seconds < 3600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  const std::uint64_t minutes = (seconds + 30) / 60;
  return fmt::format("{} h {:02} min", count_text(minutes / 60), minutes % 60);
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array units{"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1e3;
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1e3;
  return three_figures(value) + " " + units[unit];
}

std::string rate_text(double per_second) {
  return three_figures(per_second);
}

std::string countdown_text(std::uint64_t seconds) {
  const std::uint64_t minutes = seconds / 60;
  if (minutes < 60) return fmt::format("{}:{:02}", minutes, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", minutes / 60, minutes % 60, seconds % 60);
}

}  // namespace thumbline
