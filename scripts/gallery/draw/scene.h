#pragma once
#include <span>

#include "scripts/gallery/draw/canvas.h"
#include "scripts/gallery/draw/chance.h"
#include "scripts/gallery/draw/colour.h"

namespace thumbline::gallery {

/// Fills the whole canvas; everything in it scales with the canvas.
using Scene = void (*)(Canvas& canvas, const Palette& palette, Chance& chance);

// Out of doors (outdoors.cpp).
void draw_hills(Canvas& canvas, const Palette& palette, Chance& chance);
void draw_sea(Canvas& canvas, const Palette& palette, Chance& chance);
void draw_planet(Canvas& canvas, const Palette& palette, Chance& chance);

// Patterns (patterns.cpp).
void draw_lights(Canvas& canvas, const Palette& palette, Chance& chance);
void draw_ribbons(Canvas& canvas, const Palette& palette, Chance& chance);
void draw_marble(Canvas& canvas, const Palette& palette, Chance& chance);
void draw_cloth(Canvas& canvas, const Palette& palette, Chance& chance);
void draw_tiles(Canvas& canvas, const Palette& palette, Chance& chance);

/// A light badge with an arrow that points to the upper edge, in the upper left corner.
void draw_this_way_up(Canvas& canvas, const Palette& palette);

/// What stands in for a deleted picture.
void draw_removed(Canvas& canvas);

}  // namespace thumbline::gallery
