#include "collector/progress.h"

#include <cmath>
#include <vector>

#include "collector/units.h"
#include "common/base/utf8.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

constexpr auto window = 8s;
constexpr auto between_readings = 250ms;
constexpr auto shortest = 500ms;  // nothing is said of the speed before

std::string total_text(const Progress& progress) {
  if (progress.links == 0) return {};
  return " of " + count_text(progress.links) + (progress.all_known ? "" : "+");
}

std::string time_left_text(const Progress& progress) {
  const std::uint64_t settled = progress.done + progress.failed;
  if (!progress.all_known || progress.settled_per_s <= 0 || settled >= progress.links) return {};
  const double seconds = std::ceil(static_cast<double>(progress.links - settled) / progress.settled_per_s);
  constexpr double week = 7 * 24 * 3600;
  return seconds > week ? "more than a week left" : countdown_text(static_cast<std::uint64_t>(seconds)) + " left";
}

}  // namespace

std::string progress_text(const Progress& progress, std::size_t columns_there) {
  std::vector<std::string> parts{"done " + count_text(progress.done), total_text(progress)};
  if (progress.failed > 0) parts.push_back(" · " + count_text(progress.failed) + " failed");
  if (progress.images_per_s > 0) parts.push_back(" · " + rate_text(progress.images_per_s) + " images/s");
  if (const std::string left = time_left_text(progress); !left.empty()) parts.push_back(" · " + left);
  std::string text;
  for (const std::string& part : parts) {
    if (columns(text) + columns(part) > columns_there) break;
    text += part;
  }
  return text;
}

void Speedometer::note(Moment time, std::uint64_t done, std::uint64_t settled) {
  const Reading reading{time, done, settled};
  const bool replaces = readings_.size() > 1 && time - readings_[readings_.size() - 2].time < between_readings;
  if (replaces) readings_.pop_back();
  readings_.push_back(reading);
  while (readings_.size() > 2 && time - readings_[1].time >= window) readings_.pop_front();
}

double Speedometer::per_s(std::uint64_t Reading::*count) const {
  if (readings_.empty()) return 0;
  const Reading& oldest = readings_.front();
  const Reading& newest = readings_.back();
  if (newest.time - oldest.time < shortest || newest.*count < oldest.*count) return 0;
  return static_cast<double>(newest.*count - oldest.*count) / std::chrono::duration<double>(newest.time - oldest.time).count();
}

}  // namespace thumbline
