#pragma once
// Colour profiles (ICC.1) whose effect can be computed by hand.
#include "tests/resizer/image/drawn_picture.h"

namespace thumbline::drawn {

Bytes srgb_profile();

/// The primaries of sRGB, but another curve.
Bytes rgb_profile(double gamma);

Bytes grey_profile(double gamma);

/// Linear, from this luminance (0 to 1) on: there is no black.
Bytes faded_grey_profile(double darkest);

/// Green further out than that of sRGB (Adobe RGB 1998, 4.3.1.1).
Bytes adobe_rgb();

/// Inks of which cyan alone matters: it darkens, in equal steps of lightness.
Bytes inks_of_cyan();

}  // namespace thumbline::drawn
