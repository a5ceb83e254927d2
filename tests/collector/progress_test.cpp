#include "collector/progress.h"

#include "common/base/utf8.h"
#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t wide = 200;

Progress halfway() {
  Progress progress;
  progress.done = 1234;
  progress.failed = 12;
  progress.links = 5000;
  progress.all_known = true;
  progress.images_per_s = 154.2;
  progress.settled_per_s = 156.4;
  return progress;
}

}  // namespace

TEST_CASE("the line says how many are done, how many failed, how fast it goes and how long it will take") {
  CHECK(progress_text(halfway(), wide) == "done 1 234 of 5 000 · 12 failed · 154 images/s · 0:25 left");
}

TEST_CASE("a link that failed is no longer to be done") {
  Progress progress = halfway();
  progress.done = 1000;
  progress.failed = 3000;
  progress.settled_per_s = 100;
  CHECK(progress_text(progress, wide).ends_with(" · 0:10 left"));
}

TEST_CASE("nothing is said of what is not known") {
  Progress progress = halfway();
  progress.all_known = false;
  CHECK(progress_text(progress, wide) == "done 1 234 of 5 000+ · 12 failed · 154 images/s");
  progress.links = 0;
  progress.failed = 0;
  progress.images_per_s = 0;
  CHECK(progress_text(progress, wide) == "done 1 234");
}

TEST_CASE("no time is left when all is done, and none is named when nothing moves") {
  Progress progress = halfway();
  progress.settled_per_s = 0;
  CHECK(progress_text(progress, wide) == "done 1 234 of 5 000 · 12 failed · 154 images/s");
  progress = halfway();
  progress.done = 4988;
  CHECK(progress_text(progress, wide) == "done 4 988 of 5 000 · 12 failed · 154 images/s");
  progress = halfway();
  progress.settled_per_s = 1e-9;
  CHECK(progress_text(progress, wide).ends_with("more than a week left"));
}

TEST_CASE("a narrow terminal gets what fits, the most important first") {
  CHECK(progress_text(halfway(), 58) == progress_text(halfway(), wide));
  CHECK(progress_text(halfway(), 57) == "done 1 234 of 5 000 · 12 failed · 154 images/s");
  CHECK(progress_text(halfway(), 31) == "done 1 234 of 5 000 · 12 failed");
  CHECK(progress_text(halfway(), 30) == "done 1 234 of 5 000");
  CHECK(progress_text(halfway(), 18) == "done 1 234");  // never a part of a number
  for (std::size_t width = 0; width < 70; ++width) CHECK(columns(progress_text(halfway(), width)) <= width);
}

TEST_CASE("the speed is that of the last seconds") {
  const Moment start{};
  Speedometer speed;
  std::uint64_t count = 0;
  for (int i = 0; i <= 100; ++i, count += 10) speed.note(start + i * 100ms, count, count);
  CHECK(speed.done_per_s() == Approx(100));
  for (int i = 101; i <= 200; ++i, count += 1) speed.note(start + i * 100ms, count, count);
  CHECK(speed.done_per_s() == Approx(10).epsilon(0.05));
  for (int i = 201; i <= 400; ++i) speed.note(start + i * 100ms, count, count);
  CHECK(speed.done_per_s() == 0);
}

TEST_CASE("what was there before does not count for the speed, and what failed does not for that of pictures") {
  Speedometer speed;
  speed.note(Moment{}, 1'000'000, 1'000'000);
  CHECK(speed.done_per_s() == 0);
  speed.note(Moment{} + 1s, 1'000'020, 1'000'050);
  CHECK(speed.done_per_s() == Approx(20));
  CHECK(speed.settled_per_s() == Approx(50));
}

TEST_CASE("counts that fall, as when failed links are forgotten, give no speed") {
  Speedometer speed;
  speed.note(Moment{}, 100, 200);
  speed.note(Moment{} + 1s, 110, 120);
  CHECK(speed.settled_per_s() == 0);
  CHECK(speed.done_per_s() == Approx(10));
}
