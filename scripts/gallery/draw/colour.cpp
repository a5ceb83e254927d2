#include "scripts/gallery/draw/colour.h"

#include <cstdint>

namespace thumbline::gallery {
namespace {

using Row = std::array<std::uint32_t, 5>;
constexpr std::array<Row, 12> palettes{{
    {0x1A1D3A, 0x5A3560, 0xB34F6C, 0xEE8F6B, 0xFFDFA8},  // dusk
    {0x07203F, 0x14507E, 0x3C8DB3, 0x93CCE0, 0xF0F6EC},  // sea
    {0x15261A, 0x2F5335, 0x5B8A48, 0xA5BE6B, 0xEFF0BE},  // wood
    {0x3A1C1A, 0x8C4120, 0xD4863A, 0xEEBC7C, 0xFAEBD2},  // desert
    {0x2A1B4A, 0x74308A, 0xD9589B, 0xF9A287, 0xFFEACB},  // candy
    {0x0F2F30, 0x217068, 0x4FB199, 0xAEDDC5, 0xF4F6E3},  // mint
    {0x1D222A, 0x414F5D, 0x7E8A97, 0xC6CFD7, 0xF4F5F3},  // slate
    {0x240D2E, 0x7E2746, 0xC2413F, 0xEE7E4C, 0xFCDDA6},  // embers
    {0x17233F, 0x36508A, 0x7B83C2, 0xC9B5DC, 0xF8ECE8},  // lilac
    {0x2B2118, 0x665038, 0xA48A63, 0xD5C39E, 0xF6F0E0},  // sepia
    {0x0D2B45, 0x1F6E79, 0x8FB36B, 0xF2C14E, 0xFFF3CF},  // parrot
    {0x1B1030, 0x2F3C86, 0x2C93B5, 0x74D3B0, 0xE9F8C8},  // northern lights
}};

Colour colour(std::uint32_t rgb) {
  const auto part = [rgb](unsigned shift) { return static_cast<float>((rgb >> shift) & 0xFFU) / 255.0F; };
  return {part(16), part(8), part(0)};
}

}  // namespace

Palette pick_palette(Chance& chance) {
  const Row& row = palettes[static_cast<std::size_t>(chance.whole(0, palettes.size() - 1))];
  Palette palette;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Colour shift{chance.between(-.04F, .04F), chance.between(-.04F, .04F), chance.between(-.04F, .04F)};
    palette.colours[i] = colour(row[i]) + shift;
  }
  return palette;
}

}  // namespace thumbline::gallery
