#include "resizer/wire_recipe.h"

#include <array>
#include <limits>

#include "tests/catch.h"

using namespace thumbline;

namespace {
std::array<int, 3> colour(const Background& background) {
  return {background.red, background.green, background.blue};
}
}  // namespace

TEST_CASE("a recipe that says nothing more than its size, as an earlier producer's does, is the usual thumbnail") {
  wire::Recipe message;
  message.set_width(128);
  message.set_height(96);
  const Recipe recipe = recipe_of(message);
  CHECK(recipe.width == 128);
  CHECK(recipe.height == 96);
  CHECK(recipe.fit == Fit::inside);
  CHECK(recipe.format == std::nullopt);
  CHECK(recipe.quality == 85);
  CHECK(colour(recipe.background) == std::array{255, 255, 255});
  CHECK_FALSE(recipe.enlarge);
  CHECK_FALSE(recipe.progressive);
  CHECK(recipe.tolerance == Tolerance::nothing);
}

TEST_CASE("every field of a message arrives in the recipe") {
  wire::Recipe message;
  message.set_fit("pad");
  message.set_format("jpeg");
  message.set_quality(30);
  message.set_background(0x10'20'30);
  CHECK(recipe_of(message).fit == Fit::pad);
  CHECK(recipe_of(message).format == ImageKind::jpeg);
  CHECK(recipe_of(message).quality == 30);
  CHECK(colour(recipe_of(message).background) == std::array{0x10, 0x20, 0x30});
  message.set_background(0);
  CHECK(colour(recipe_of(message).background) == std::array{0, 0, 0});

  // Each switch alone, so that none is taken for another.
  message.set_enlarge(true);
  CHECK(recipe_of(message).enlarge);
  CHECK_FALSE(recipe_of(message).progressive);
  CHECK(recipe_of(message).tolerance == Tolerance::nothing);
  message.clear_enlarge();
  message.set_progressive(true);
  CHECK(recipe_of(message).progressive);
  CHECK_FALSE(recipe_of(message).enlarge);
  CHECK(recipe_of(message).tolerance == Tolerance::nothing);
  message.clear_progressive();
  message.set_tolerate("everything");
  CHECK(recipe_of(message).tolerance == Tolerance::nothing);
  message.set_tolerate("damaged");
  CHECK(recipe_of(message).tolerance == Tolerance::damaged);
  message.set_tolerate("truncated");
  CHECK(recipe_of(message).tolerance == Tolerance::truncated);
  CHECK_FALSE(recipe_of(message).enlarge);
  CHECK_FALSE(recipe_of(message).progressive);
}

TEST_CASE("whatever a peer sends, the recipe is within its bounds") {
  for (const std::uint32_t wild :
       {0U, 1U, 100U, 101U, 70'000U, 0x7FFF'FFFFU, 0x8000'0000U, std::numeric_limits<std::uint32_t>::max()}) {
    wire::Recipe message;
    message.set_width(wild);
    message.set_height(wild);
    message.set_quality(wild);
    message.set_background(wild);
    message.set_fit(std::string(1000, 'x'));
    message.set_format("gif");
    const Recipe recipe = recipe_of(message);
    CAPTURE(wild);
    CHECK((recipe.width >= 1 && recipe.width <= 65'535));
    CHECK((recipe.height >= 1 && recipe.height <= 65'535));
    CHECK((recipe.quality >= 1 && recipe.quality <= 100));
    CHECK(recipe.fit == Fit::inside);
    CHECK(recipe.format == std::nullopt);
  }
  wire::Recipe message;
  message.set_quality(1'000'000);
  message.set_background(0xFF'10'20'30);
  CHECK(recipe_of(message).quality == 100);
  CHECK(colour(recipe_of(message).background) == std::array{0x10, 0x20, 0x30});
}
