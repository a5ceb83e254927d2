#include "resizer/wire_recipe.h"

#include <algorithm>

namespace thumbline {
namespace {

int within(std::uint32_t value, std::uint32_t smallest, std::uint32_t largest) {
  return static_cast<int>(std::clamp(value, smallest, largest));
}

/// 0xRRGGBB; higher bits are ignored.
Background colour_of(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 16 & 0xFF), static_cast<std::uint8_t>(value >> 8 & 0xFF),
          static_cast<std::uint8_t>(value & 0xFF)};
}

}  // namespace

Recipe recipe_of(const wire::Recipe& message) {
  Recipe recipe;
  recipe.width = within(message.width(), 1, 65'535);
  recipe.height = within(message.height(), 1, 65'535);
  if (message.fit() == "cover") recipe.fit = Fit::cover;
  if (message.fit() == "pad") recipe.fit = Fit::pad;
  if (message.fit() == "fill") recipe.fit = Fit::fill;
  recipe.format = thumbnail_kind(message.format());
  if (message.quality() != 0) recipe.quality = within(message.quality(), 1, 100);
  if (message.has_background()) recipe.background = colour_of(message.background());
  recipe.enlarge = message.enlarge();
  recipe.progressive = message.progressive();
  if (message.tolerate() == "truncated") recipe.tolerance = Tolerance::truncated;
  if (message.tolerate() == "damaged") recipe.tolerance = Tolerance::damaged;
  return recipe;
}

}  // namespace thumbline
