#include "resizer/image/raster/geometry.h"

#include <algorithm>
#include <cmath>

#include "tests/catch.h"

using namespace thumbline;

namespace {

double distance(Size source, double width, double height) {
  return std::abs(double(source.width) / source.height - width / height);
}

}  // namespace

TEST_CASE("a picture fits inside the box and one side fills it") {
  CHECK(fit_inside({4000, 3000}, {128, 128}) == Size{128, 96});
  CHECK(fit_inside({3000, 4000}, {128, 128}) == Size{96, 128});
  CHECK(fit_inside({128, 128}, {128, 128}) == Size{128, 128});
  CHECK(fit_inside({1920, 1080}, {128, 40}) == Size{71, 40});
}

TEST_CASE("no side vanishes, however long the other one is") {
  CHECK(fit_inside({1, 20000}, {128, 128}) == Size{1, 128});
  CHECK(fit_inside({20000, 1}, {128, 128}) == Size{128, 1});
  CHECK(fit_inside({65535, 3}, {16, 16}) == Size{16, 1});
}

TEST_CASE("of the two whole sides around the exact one, the one that keeps the aspect better is taken") {
  // Aspects, not lengths, decide: 100 x 44 in 56 x 57 would be 24.64 high; 56 / 24 is off by 0.0606, 56 / 25 by 0.0327.
  CHECK(fit_inside({100, 44}, {56, 57}) == Size{56, 25});
  const Size box{128, 97};
  for (int width = 1; width < 700; width += 3) {
    for (int height = 1; height < 700; height += 7) {
      const Size source{width, height};
      const auto [w, h] = fit_inside(source, box);
      CAPTURE(width, height, w, h);
      REQUIRE((w >= 1 && h >= 1 && w <= box.width && h <= box.height));
      REQUIRE((w == box.width || h == box.height));
      const double chosen = distance(source, w, h);
      if (h == box.height && w > 1) REQUIRE(chosen <= distance(source, w - 1, h) + 1e-9);
      if (h == box.height && w < box.width) REQUIRE(chosen <= distance(source, w + 1, h) + 1e-9);
      if (w == box.width && h > 1) REQUIRE(chosen <= distance(source, w, h - 1) + 1e-9);
      if (w == box.width && h < box.height) REQUIRE(chosen <= distance(source, w, h + 1) + 1e-9);
    }
  }
}

TEST_CASE("of two sides that keep the aspect equally well, the shorter one is taken") {
  CHECK(fit_inside({3, 2}, {100, 1}) == Size{1, 1});  // 1.5 wide
  CHECK(fit_inside({5, 2}, {100, 1}) == Size{2, 1});
  CHECK(fit_inside({3, 1}, {4, 100}) == Size{4, 1});  // aspects 4 and 2
}

TEST_CASE("smaller pictures keep their size unless they may grow") {
  Recipe recipe;
  CHECK(lay_out({100, 50}, recipe).canvas == Size{100, 50});
  CHECK(lay_out({128, 128}, recipe).canvas == Size{128, 128});
  CHECK(lay_out({129, 50}, recipe).canvas == Size{128, 50});
  recipe.enlarge = true;
  CHECK(lay_out({100, 50}, recipe).canvas == Size{128, 64});
}

TEST_CASE("padding keeps the picture's aspect and fills the canvas") {
  Recipe recipe{.width = 200, .height = 100, .fit = Fit::pad};
  CHECK(lay_out({400, 400}, recipe).picture == Size{100, 100});
  CHECK(lay_out({400, 400}, recipe).canvas == Size{200, 100});
  CHECK(lay_out({40, 40}, recipe).picture == Size{40, 40});
  CHECK(lay_out({40, 40}, recipe).canvas == Size{200, 100});
  recipe.enlarge = true;
  CHECK(lay_out({40, 40}, recipe).picture == Size{100, 100});
}

TEST_CASE("covering cuts the same at both ends") {
  const Recipe recipe{.width = 100, .height = 100, .fit = Fit::cover};
  const Layout wide = lay_out({400, 200}, recipe);
  CHECK(wide.part.x == Approx(100));
  CHECK(wide.part.width == Approx(200));
  CHECK(wide.part.y == Approx(0));
  CHECK(wide.part.height == Approx(200));
  CHECK(wide.canvas == Size{100, 100});
  const Layout small = lay_out({10, 30}, recipe);
  CHECK(small.part.y == Approx(10));
  CHECK(small.canvas == Size{100, 100});
}

TEST_CASE("filling takes all of the picture") {
  const Layout layout = lay_out({400, 200}, {.width = 30, .height = 90, .fit = Fit::fill});
  CHECK(layout.part.width == Approx(400));
  CHECK(layout.part.height == Approx(200));
  CHECK(layout.picture == Size{30, 90});
}

TEST_CASE("decoding leaves the margin in both directions") {
  const auto eighths = [](double width, double height) { return dct_eighths({{0, 0, width, height}, {100, 50}, {}}, 2); };
  CHECK(eighths(1600, 800) == 1);
  CHECK(eighths(1599, 800) == 2);
  CHECK(eighths(1600, 799) == 2);
  CHECK(eighths(800, 400) == 2);
  CHECK(eighths(400, 200) == 4);
  CHECK(eighths(399, 200) == 8);
  CHECK(eighths(10, 10) == 8);
}
