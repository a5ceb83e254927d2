#include "scripts/gallery/draw/plan.h"

#include <algorithm>
#include <set>

#include "tests/catch.h"

namespace thumbline::gallery {
namespace {

std::vector<Plan> gallery(int count, std::uint64_t seed = 1) {
  Wanted wanted;
  wanted.count = count;
  wanted.seed = seed;
  return plan_gallery(wanted);
}

template <class Look>
std::vector<Look> looks(const std::vector<Plan>& plans) {
  std::vector<Look> found;
  for (const Plan& plan : plans) {
    if (const auto* look = std::get_if<Look>(&plan.look)) {
      found.push_back(*look);
    }
  }
  return found;
}

TEST_CASE("A larger gallery begins with the smaller one", "[gallery]") {
  const auto few = gallery(20);
  const auto many = gallery(60);
  for (std::size_t i = 0; i < few.size(); ++i) {
    CHECK(few[i].name == many[i].name);
    CHECK(few[i].seed == many[i].seed);
  }
}

TEST_CASE("Another seed gives other names", "[gallery]") {
  std::set<std::string> names;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    for (const Plan& plan : gallery(100, seed)) {
      names.insert(plan.name);
    }
  }
  CHECK(names.size() == 500);
}

TEST_CASE("A hundred pictures show every kind of file", "[gallery]") {
  const auto plans = gallery(100);
  const auto jpegs = looks<JpegLook>(plans);
  const auto pngs = looks<PngLook>(plans);
  CHECK(jpegs.size() == 80);
  CHECK(pngs.size() == 20);

  std::set<int> orientations;
  std::set<Sampling> samplings;
  for (const JpegLook& look : jpegs) {
    orientations.insert(look.orientation);
    samplings.insert(look.sampling);
  }
  CHECK(orientations == std::set<int>{0, 1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(samplings.size() == 3);
  const auto progressive = std::count_if(jpegs.begin(), jpegs.end(), [](const JpegLook& look) { return look.progressive; });
  CHECK(progressive >= 25);
  CHECK(progressive <= 28);
  CHECK(std::any_of(jpegs.begin(), jpegs.end(), [](const JpegLook& look) { return look.grey; }));

  std::set<PngKind> kinds;
  for (const PngLook& look : pngs) {
    kinds.insert(look.kind);
  }
  CHECK(kinds.size() == 7);
  CHECK(std::any_of(pngs.begin(), pngs.end(), [](const PngLook& look) { return look.interlaced; }));
}

TEST_CASE("Sizes keep to their limits, upright and lying", "[gallery]") {
  Wanted wanted;
  wanted.max_side = GENERATE(64, 300, 1600);
  int upright = 0;
  int lying = 0;
  for (const Plan& plan : plan_gallery(wanted)) {
    REQUIRE(std::min(plan.size.width, plan.size.height) >= min_side);
    REQUIRE(std::max(plan.size.width, plan.size.height) <= wanted.max_side);
    upright += plan.size.height > plan.size.width ? 1 : 0;
    lying += plan.size.width > plan.size.height ? 1 : 0;
  }
  if (wanted.max_side > min_side) {
    CHECK(upright > 0);
    CHECK(lying > 0);
  }
}

TEST_CASE("Any size can be drawn, as any kind of file", "[gallery]") {
  Wanted wanted;
  wanted.count = 80;  // each scene several times
  wanted.exact = GENERATE(Size{1, 1}, Size{2, 1}, Size{1, 9}, Size{16, 16}, Size{65, 7}, Size{3, 200});
  for (const Plan& plan : plan_gallery(wanted)) {
    CHECK_FALSE(draw(plan).empty());
  }
}

}  // namespace
}  // namespace thumbline::gallery
