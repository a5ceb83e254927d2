// What an ICC profile would cost.
#include "resizer/image/raster/icc_cost.h"
#include "tests/fuzz/input.h"

using namespace thumbline;
using namespace thumbline::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const IccLimits usual;
  IccLimits lower = usual;
  lower.work >>= input.below(12);
  lower.reads = static_cast<std::uint64_t>(input.below(5));
  const bool affordable = is_affordable(input.rest(), usual);
  require(affordable || !is_affordable(input.rest(), lower), "what little pays for, more pays for");
  require(!affordable || input.rest().size() >= 132, "a profile has a header and a table of tags");
  return 0;
}
