#include <cmath>

#include "scripts/gallery/draw/scene.h"

namespace thumbline::gallery {
namespace {

/// Whether (u, v), both from 0 to 1, lies in an arrow that points up.
bool in_arrow(float u, float v) {
  const float off = std::abs(u - .5F);
  const bool head = v > .18F && v < .52F && off < (v - .18F) * .85F;
  const bool stem = v >= .52F && v < .82F && off < .1F;
  return head || stem;
}

/// How far (x, y) lies outside of a rectangle with round corners, less than 0 inside.
float outside(float x, float y, float width, float height, float corner) {
  const float dx = std::max(0.0F, std::abs(x - width / 2) - (width / 2 - corner));
  const float dy = std::max(0.0F, std::abs(y - height / 2) - (height / 2 - corner));
  return std::sqrt(dx * dx + dy * dy) - corner;
}

float cover(float distance) {
  return std::clamp(.5F - distance, 0.0F, 1.0F);
}

}  // namespace

void draw_this_way_up(Canvas& canvas, const Palette& palette) {
  const float side = std::max(10.0F, canvas.shorter() * .2F);
  const float gap = side * .2F;
  const Colour ink = palette.colours[0] * .6F;
  canvas.around(gap + side / 2, gap + side / 2, side / 2, [&](float x, float y, Colour& out) {
    int covered = 0;  // of 4 × 4 samples
    for (int i = 0; i < 16; ++i) {
      const int row = i / 4;
      const float dx = static_cast<float>(i % 4) * .25F - .375F;
      const float dy = static_cast<float>(row) * .25F - .375F;
      covered += in_arrow((x + dx - gap) / side, (y + dy - gap) / side) ? 1 : 0;
    }
    const Colour badge = mix({.98F, .98F, .96F}, ink, static_cast<float>(covered) / 16);
    out = mix(out, badge, cover(outside(x - gap, y - gap, side, side, side * .22F)) * .94F);
  });
}

/// An empty frame: a sun, two hills, and a line through them.
void draw_removed(Canvas& canvas) {
  const auto width = static_cast<float>(canvas.width());
  const auto height = static_cast<float>(canvas.height());
  const Colour wall{.16F, .17F, .20F};
  const Colour line{.55F, .58F, .63F};
  const float frame_width = height * .9F;
  const float frame_height = height * .64F;
  const float left = (width - frame_width) / 2;
  const float top = (height - frame_height) / 2;
  canvas.everywhere([&](float x, float y, Colour& out) {
    const float u = x - left;
    const float v = y - top;
    const float edge = outside(u, v, frame_width, frame_height, height * .08F);
    const float sun =
        std::sqrt((u - frame_width * .52F) * (u - frame_width * .52F) + (v - frame_height * .22F) * (v - frame_height * .22F));
    const float far = frame_height * .35F + std::abs(u - frame_width * .34F) * .75F - v;
    const float near = frame_height * .55F + std::abs(u - frame_width * .68F) * .75F - v;
    const float drawn = std::max(cover(sun - height * .07F), std::max(cover(far), cover(near)) * .75F);
    const float through = std::abs(u * frame_height - (frame_width - v * frame_width / frame_height) * frame_height) /
                          std::sqrt(frame_width * frame_width + frame_height * frame_height);
    out = mix(wall, line, drawn * cover(edge + 5));
    out = mix(out, line, cover(std::abs(edge) - 1.2F));
    out = mix(out, wall, cover(through - 5) * cover(edge + 3));
    out = mix(out, line, cover(through - 1.4F) * cover(edge - 6));
  });
}

}  // namespace thumbline::gallery
