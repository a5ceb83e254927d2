#include "resizer/image/jpeg/jpeg_coefficients.h"

#include <algorithm>
#include <cstring>

#include "tests/catch.h"

using namespace thumbline;

namespace {

struct Block {
  JBLOCK coefficients = {};
};

/// Packed and unpacked again over what was there before.
bool survives(std::vector<Block> blocks) {
  std::vector<std::uint8_t> packed;
  const std::size_t length = pack_blocks(&blocks[0].coefficients, blocks.size(), packed);
  std::vector<Block> again(blocks.size());
  for (Block& block : again) std::fill_n(block.coefficients, DCTSIZE2, JCOEF{77});
  const std::vector<std::uint8_t> exactly(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(length));
  unpack_blocks(exactly, &again[0].coefficients, again.size());
  return std::memcmp(blocks.data(), again.data(), blocks.size() * sizeof(Block)) == 0;
}

}  // namespace

TEST_CASE("coefficients of any value come back from where they are packed") {
  std::vector<Block> blocks(40);
  CHECK(survives(blocks));
  int value = 1;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (std::size_t k = 0; k < DCTSIZE2; k += 1 + i % 9) {
      value = value * 31 % 65'521;
      blocks[i].coefficients[k] = static_cast<JCOEF>(i % 2 == 0 ? value % 300 - 150 : value - 32'768);
    }
  }
  CHECK(survives(blocks));
  for (const int limit : {-32'768, -129, -128, -127, -1, 0, 1, 127, 128, 32'767}) {
    blocks[3].coefficients[63] = static_cast<JCOEF>(limit);
    CHECK(survives(blocks));
  }
}

TEST_CASE("what is mostly zeros takes little") {
  std::vector<Block> blocks(100);
  std::vector<std::uint8_t> packed;
  CHECK(pack_blocks(&blocks[0].coefficients, blocks.size(), packed) == 0);
  for (Block& block : blocks) block.coefficients[0] = -5;
  CHECK(pack_blocks(&blocks[0].coefficients, blocks.size(), packed) == 300);
}
