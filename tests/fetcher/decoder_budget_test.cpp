#include "fetcher/decoder_budget.h"

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("decoders share their memory, and one that is alone has all it wants") {
  DecoderBudget budget;
  DecoderBudget::Share one(budget);
  CHECK(one.grow_to(10 * DecoderBudget::most));
  {
    DecoderBudget::Share other(budget);
    CHECK_FALSE(other.grow_to(1));
    one.give_back();
    CHECK(other.grow_to(DecoderBudget::most - 5));
    CHECK(one.grow_to(5));
    CHECK(one.grow_to(3));
    CHECK_FALSE(one.grow_to(6));
    CHECK_FALSE(other.grow_to(DecoderBudget::most));
  }
  CHECK(one.grow_to(DecoderBudget::most));
}
