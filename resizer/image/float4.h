#pragma once
#include <cstdint>
#include <cstring>

namespace thumbline {

/// A pixel as a vector; GCC's and Clang's own, so that it is one register on every machine.
using Float4 [[gnu::vector_size(16)]] = float;

inline Float4 load(const float* from) {
  Float4 value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void store(Float4 value, float* to) {
  std::memcpy(to, &value, sizeof value);
}

/// Four numbers of 8 or 16 bits.
template <class Number>
Float4 load_numbers(const Number* from) {
  using Numbers [[gnu::vector_size(4 * sizeof(Number))]] = Number;
  Numbers numbers;
  std::memcpy(&numbers, from, sizeof numbers);
  return __builtin_convertvector(numbers, Float4);
}

}  // namespace thumbline
