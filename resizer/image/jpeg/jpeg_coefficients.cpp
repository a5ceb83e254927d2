#include "resizer/image/jpeg/jpeg_coefficients.h"

#include <jerror.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "resizer/image/jpeg/jpeg_error_handler.h"

namespace thumbline {
namespace {

constexpr int group = 8;                   // coefficients
constexpr int groups = DCTSIZE2 / group;   // of a block
constexpr std::uint8_t long_value = 0x80;  // -128: two bytes follow
constexpr std::size_t row_overhead = 64;   // memory for a row besides its bytes
constexpr std::size_t most_packed = 1 + groups + std::size_t{3} * DCTSIZE2;

bool all_zero(const JCOEF* coefficients) {
  static_assert(sizeof(JCOEF) * group == 2 * sizeof(std::uint64_t));
  std::uint64_t halves[2];
  std::memcpy(halves, coefficients, sizeof halves);
  return (halves[0] | halves[1]) == 0;
}

std::uint8_t* pack_group(const JCOEF* coefficients, std::uint8_t* out) {
  std::uint8_t& present = *out++;
  present = 0;
  for (int i = 0; i < group; ++i) {
    const int value = coefficients[i];
    if (value == 0) continue;
    present = static_cast<std::uint8_t>(present | 1 << i);
    if (value > -128 && value < 128) {
      *out++ = static_cast<std::uint8_t>(value);
    } else {
      *out++ = long_value;
      *out++ = static_cast<std::uint8_t>(value & 0xFF);
      *out++ = static_cast<std::uint8_t>(value >> 8 & 0xFF);
    }
  }
  return out;
}

std::uint8_t* pack_block(const JCOEF* block, std::uint8_t* out) {
  std::uint8_t& present = *out++;
  present = 0;
  for (int i = 0; i < groups; ++i) {
    if (all_zero(block + i * group)) continue;
    present = static_cast<std::uint8_t>(present | 1 << i);
    out = pack_group(block + i * group, out);
  }
  return out;
}

const std::uint8_t* unpack_group(const std::uint8_t* packed, JCOEF* coefficients) {
  const unsigned present = *packed++;
  for (int i = 0; i < group; ++i) {
    if ((present >> i & 1) == 0) continue;
    const std::uint8_t first = *packed++;
    if (first == long_value) {
      coefficients[i] = static_cast<JCOEF>(static_cast<std::int16_t>(packed[0] | packed[1] << 8));
      packed += 2;
    } else {
      coefficients[i] = static_cast<JCOEF>(first < 128 ? first : first - 256);
    }
  }
  return packed;
}

}  // namespace

std::size_t pack_blocks(const JBLOCK* blocks, std::size_t count, std::vector<std::uint8_t>& packed) {
  if (packed.size() < count * most_packed) packed.resize(count * most_packed);
  std::uint8_t* out = packed.data();
  bool empty = true;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* start = out;
    out = pack_block(blocks[i], out);
    empty = empty && *start == 0;
  }
  return empty ? 0 : static_cast<std::size_t>(out - packed.data());
}

void unpack_blocks(std::span<const std::uint8_t> packed, JBLOCK* blocks, std::size_t count) {
  std::memset(blocks, 0, count * sizeof(JBLOCK));
  if (packed.empty()) return;
  const std::uint8_t* from = packed.data();
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned present = *from++;
    for (int j = 0; j < groups; ++j) {
      if ((present >> j & 1) != 0) from = unpack_group(from, blocks[i] + j * group);
    }
  }
}

/// One component's blocks: packed rows, and a window of unpacked rows that libjpeg works on.
class JpegCoefficients::Plane {
 public:
  Plane(JDIMENSION blocks, JDIMENSION rows) : blocks_(blocks), packed_(rows) {}

  [[nodiscard]] std::size_t memory() const { return memory_ + window_.size() * sizeof(Block) + packed_.size() * row_overhead; }

  JBLOCKARRAY rows(JDIMENSION first, JDIMENSION count, bool writable) {
    if (first != first_ || count != count_) {
      put_back();
      fetch(first, count);
    }
    written_ = written_ || writable;
    return pointers_.data();
  }

 private:
  struct alignas(32) Block {  // alignment that libjpeg-turbo's SIMD code needs
    JBLOCK coefficients;
  };

  JBLOCK* row_of_window(std::size_t row) { return &window_[row * blocks_].coefficients; }

  void put_back() {
    if (!written_) return;
    written_ = false;
    for (std::size_t i = 0; i < count_; ++i) {
      const auto length = static_cast<std::ptrdiff_t>(pack_blocks(row_of_window(i), blocks_, scratch_));
      std::vector<std::uint8_t>& row = packed_[first_ + i];
      memory_ -= row.size();
      row = std::vector<std::uint8_t>(scratch_.begin(), scratch_.begin() + length);
      memory_ += row.size();
    }
  }

  void fetch(JDIMENSION first, JDIMENSION count) {
    first_ = first;
    count_ = count;
    window_.resize(std::size_t{count} * blocks_);
    pointers_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      pointers_[i] = row_of_window(i);
      unpack_blocks(packed_[first + i], pointers_[i], blocks_);
    }
  }

  std::size_t blocks_;                             ///< per row
  std::vector<std::vector<std::uint8_t>> packed_;  ///< rows
  std::size_t memory_ = 0;                         ///< bytes of the packed rows
  std::vector<Block> window_;
  std::vector<JBLOCKROW> pointers_;  ///< to its rows
  JDIMENSION first_ = 0, count_ = 0;
  bool written_ = false;
  std::vector<std::uint8_t> scratch_;
};

JpegCoefficients::JpegCoefficients() = default;
JpegCoefficients::~JpegCoefficients() = default;

void JpegCoefficients::install(jpeg_decompress_struct& codec, std::size_t max_memory) {
  max_memory_ = max_memory;
  codec.mem->request_virt_barray = request;
  codec.mem->access_virt_barray = access;
}

void JpegCoefficients::drop() {
  planes_.clear();
}

/// An error jumps out of libjpeg, so no object with a destructor may be alive where these two fail.
jvirt_barray_ptr JpegCoefficients::request(j_common_ptr codec, int, boolean, JDIMENSION blocks, JDIMENSION rows, JDIMENSION) {
  JpegCoefficients& all = *static_cast<JpegErrorHandler*>(codec->client_data)->coefficients;
  Plane* made = nullptr;
  try {
    made = all.planes_.emplace_back(std::make_unique<Plane>(blocks, rows)).get();
  } catch (const std::bad_alloc&) {
    made = nullptr;
  }
  if (made == nullptr) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
  return reinterpret_cast<jvirt_barray_ptr>(made);
}

JBLOCKARRAY JpegCoefficients::access(j_common_ptr codec, jvirt_barray_ptr array, JDIMENSION first, JDIMENSION rows,
                                     boolean writable) {
  JpegCoefficients& all = *static_cast<JpegErrorHandler*>(codec->client_data)->coefficients;
  Plane& plane = *reinterpret_cast<Plane*>(array);
  JBLOCKARRAY found = nullptr;
  try {
    found = plane.rows(first, rows, writable != FALSE);
    std::size_t memory = 0;
    for (const auto& one : all.planes_) memory += one->memory();
    if (memory > all.max_memory_) found = nullptr;
  } catch (const std::bad_alloc&) {
    found = nullptr;
  }
  if (found == nullptr) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
  return found;
}

}  // namespace thumbline
