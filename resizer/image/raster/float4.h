#pragma once
#include <bit>
#include <cstdint>
#include <cstring>

namespace thumbline {

/// A pixel as a vector of the compiler's extension (GCC, Clang): one register on every architecture.
using Float4 [[gnu::vector_size(16)]] = float;

inline Float4 load(const float* from) {
  Float4 value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void store(Float4 value, float* to) {
  std::memcpy(to, &value, sizeof value);
}

/// A vector of 16 bytes: those of a Number at `from`, then zeros.
template <class Vector, class Number>
Vector load_first(const void* from) {
  Number first = 0;
  std::memcpy(&first, from, sizeof first);
  using Numbers [[gnu::vector_size(16)]] = Number;
  return reinterpret_cast<Vector>(Numbers{first});
}

using Bytes16 [[gnu::vector_size(16)]] = std::uint8_t;
using Short8 [[gnu::vector_size(16)]] = std::int16_t;
using Int4 [[gnu::vector_size(16)]] = std::int32_t;
static_assert(std::endian::native == std::endian::little, "numbers are widened by a zero behind them");

/// The first eight bytes, widened to 16 bits.
inline Short8 widened(Bytes16 bytes) {
  const auto wide = __builtin_shufflevector(bytes, Bytes16{}, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  return reinterpret_cast<Short8>(wide);
}

/// Converts four numbers. The compiler's own conversion of short vectors handles them one by one.
inline Float4 as_floats(Short8 numbers) {
  const auto wide = __builtin_shufflevector(numbers, Short8{}, 0, 8, 1, 9, 2, 10, 3, 11);
  return __builtin_convertvector(reinterpret_cast<Int4>(wide), Float4);
}
inline Float4 load_numbers(const float* from) {
  return load(from);
}
inline Float4 load_numbers(const std::uint8_t* from) {
  return as_floats(widened(load_first<Bytes16, std::int32_t>(from)));
}
inline Float4 load_numbers(const std::uint16_t* from) {
  return as_floats(load_first<Short8, std::int64_t>(from));
}

}  // namespace thumbline
