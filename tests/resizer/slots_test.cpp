#include "resizer/slots.h"

#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

TEST_CASE("a resizer begins with one picture in work and one behind it") {
  CHECK(Slots().count() == 2);
}

TEST_CASE("of small pictures many are in hand, of large ones as few as can be") {
  Slots slots;
  for (int i = 0; i < 200; ++i) slots.note(300us);
  CHECK(slots.count() > 10);
  slots.note(200ms);
  CHECK(slots.count() == 2);
  for (int i = 0; i < 200; ++i) slots.note(0us);
  CHECK(slots.count() == Slots::most);
}
