#include "resizer/image/limits.h"

#include <limits>

#include "tests/catch.h"

using namespace thumbline;

namespace {

constexpr std::uint64_t max_side = std::numeric_limits<int>::max();

std::string reason(const Result<void>& result) {
  return result ? "" : std::string(result.error().reason.text());
}

}  // namespace

TEST_CASE("a picture may have as many pixels as are allowed, in any shape") {
  const Limits limits{.max_pixels = 1000};
  CHECK(reason(check_size(10, 100, limits)).empty());
  CHECK(reason(check_size(1, 1000, limits)).empty());
  CHECK(reason(check_size(0, 1000, limits)).empty());
  CHECK(reason(check_size(1001, 1, limits)) == "too-many-pixels");
  CHECK(reason(check_size(1, 1001, limits)) == "too-many-pixels");
  CHECK(reason(check_size(13, 77, limits)) == "too-many-pixels");
}

TEST_CASE("a side that no int holds is refused, however few the pixels") {
  const Limits limits{.max_pixels = std::numeric_limits<std::uint64_t>::max()};
  CHECK(reason(check_size(max_side, 1, limits)).empty());
  CHECK(reason(check_size(max_side + 1, 0, limits)) == "too-many-pixels");
  CHECK(reason(check_size(0, max_side + 1, limits)) == "too-many-pixels");
  CHECK(reason(check_size(std::uint64_t{1} << 33, std::uint64_t{1} << 33, limits)) == "too-many-pixels");
}

TEST_CASE("each 100,000 bytes of a file that are begun allow the same work") {
  const Limits limits{.max_work = 7};
  CHECK(most_work(0, limits) == 7);
  CHECK(most_work(1, limits) == 7);
  CHECK(most_work(100'000, limits) == 7);
  CHECK(most_work(100'001, limits) == 14);
  CHECK(most_work(1'000'000, limits) == 70);
}

TEST_CASE("the work allowed never overflows") {
  const Limits limits{.max_work = std::numeric_limits<std::uint64_t>::max() / 2};
  CHECK(most_work(200'000, limits) == std::numeric_limits<std::uint64_t>::max() - 1);
  CHECK(most_work(200'001, limits) == std::numeric_limits<std::uint64_t>::max());
  CHECK(most_work(1, Limits{.max_work = 0}) == 0);
}

TEST_CASE("more work than a file of that size may cause is refused") {
  const Limits limits{.max_work = 1000};
  CHECK(reason(check_work(1000, 100'000, limits)).empty());
  CHECK(reason(check_work(1001, 100'000, limits)) == "decode-limit");
  CHECK(reason(check_work(1001, 100'001, limits)).empty());
}
