#pragma once
#include "scripts/gallery/draw/chance.h"
#include "scripts/gallery/draw/pixels.h"

namespace thumbline::gallery {

/// A landscape with the grain of a film on it: hills, the sea, or a planet's clouds, in one of several palettes. Opaque.
Pixels draw_scene(Size size, Chance& chance);

/// Makes everything outside of a soft-edged shape transparent.
void cut_out(Pixels& pixels);

/// Puts an arrow that points to the upper edge into the upper left corner.
void mark_this_way_up(Pixels& pixels);

}  // namespace thumbline::gallery
