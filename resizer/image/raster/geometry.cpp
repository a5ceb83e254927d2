#include "resizer/image/raster/geometry.h"

#include <algorithm>
#include <cmath>

namespace thumbline {
namespace {

/// Rounds `exact` up or down, whichever has the smaller `error` (down if equal); at least 1.
template <class Error>
int better_neighbour(double exact, Error error) {
  const double low = std::floor(exact);
  const double high = std::ceil(exact);
  if (low < 1) return 1;
  return static_cast<int>(error(high) < error(low) ? high : low);
}

/// The largest centred part of `source` with the aspect ratio of `box`.
Box middle(Size source, Size box) {
  const double scale = std::min(double(source.width) / box.width, double(source.height) / box.height);
  const double width = box.width * scale;
  const double height = box.height * scale;
  return {(source.width - width) / 2, (source.height - height) / 2, width, height};
}

}  // namespace

Size fit_inside(Size source, Size box) {
  const double aspect = double(source.width) / source.height;
  if (double(box.width) / box.height >= aspect) {
    const auto error = [&](double width) { return std::abs(aspect - width / box.height); };
    return {better_neighbour(box.height * aspect, error), box.height};
  }
  const auto error = [&](double height) { return std::abs(aspect - box.width / height); };
  return {box.width, better_neighbour(box.width / aspect, error)};
}

Layout lay_out(Size source, const Recipe& recipe) {
  const Size box{recipe.width, recipe.height};
  const Box whole{0, 0, double(source.width), double(source.height)};
  const bool fits = source.width <= box.width && source.height <= box.height;
  const Size picture = fits && !recipe.enlarge ? source : fit_inside(source, box);
  switch (recipe.fit) {
    case Fit::inside: return {whole, picture, picture};
    case Fit::pad: return {whole, picture, box};
    case Fit::cover: return {middle(source, box), box, box};
    case Fit::fill: return {whole, box, box};
  }
  return {whole, picture, picture};
}

Layout swapped(const Layout& layout) {
  const auto& [part, picture, canvas] = layout;
  return {{part.y, part.x, part.height, part.width}, {picture.height, picture.width}, {canvas.height, canvas.width}};
}

int dct_eighths(const Layout& layout, int margin) {
  for (const int eighths : {1, 2, 4}) {
    if (layout.part.width * eighths >= 8.0 * margin * layout.picture.width &&
        layout.part.height * eighths >= 8.0 * margin * layout.picture.height) {
      return eighths;
    }
  }
  return 8;
}

}  // namespace thumbline
